/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "base/log.h"

enum { MANY = 1000 };

static void unknown_type_is_refused_at_once(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GError) error = NULL;

	assert_null(storage_open(f->loop, &(struct storage_options){ .type = "oracle" }, fixture_reply(f), &error));
	assert_non_null(strstr(error->message, "oracle"));
	assert_non_null(strstr(error->message, "sqlite3"));
	assert_int_equal(f->answered, 0);
}

static void type_none_answers_that_there_is_none(void **state)
{
	struct fixture *f = *state;

	f->storage = storage_open(f->loop, &(struct storage_options){ .type = "none" }, fixture_reply(f), NULL);
	assert_true(storage_is_none(f->storage));
	assert_int_equal(f->answered, 0);
	fixture_wait(f);
	assert_null(f->error);
	storage_find_user(f->storage, "a@b", fixture_reply(f));
	assert_int_equal(f->answered, 1);
	fixture_wait(f);
	assert_true(g_error_matches(f->error, STORAGE_ERROR, STORAGE_ERROR_NONE));
	storage_put_user(f->storage, &(struct storage_user){ .jid = "a@b" }, fixture_reply(f));
	storage_list_users(f->storage, false, fixture_reply(f));
	storage_close(&f->storage);
	assert_int_equal(f->answered, 4);
	assert_true(g_error_matches(f->error, STORAGE_ERROR, STORAGE_ERROR_NONE));
	assert_string_equal(f->order->str, "1 2 3 4 ");
}

static void ask_many(struct fixture *f)
{
	for (unsigned i = 0; i < MANY; i++) {
		g_autofree char *jid = g_strdup_printf("user%u@example.org", i);
		struct storage_user user = { .jid = jid, .uin = jid, .password = "p" };
		storage_put_user(f->storage, &user, fixture_reply(f));
	}
}

static void check_order(struct fixture *f, unsigned n)
{
	g_autoptr(GString) expected = g_string_new(NULL);

	for (unsigned i = 1; i <= n; i++)
		g_string_append_printf(expected, "%u ", i);
	assert_string_equal(f->order->str, expected->str);
}

static void thousand_requests_before_it_is_open_are_answered_in_order(void **state)
{
	struct fixture *f = *state;
	struct storage_options options = { .type = "sqlite3", .database = f->file, .prefix = "" };

	f->storage = storage_open(f->loop, &options, fixture_reply(f), NULL);
	assert_false(storage_is_none(f->storage));
	ask_many(f);
	assert_int_equal(f->answered, 0);
	fixture_wait(f);
	assert_null(f->error);
	check_order(f, MANY + 1);
	g_autofree char *stored = fixture_sql(f->file, "SELECT count(*) FROM users");
	assert_string_equal(stored, "1000\n");
}

static void close_answers_and_stores_what_is_queued(void **state)
{
	struct fixture *f = *state;

	assert_true(fixture_open(f, ""));
	ask_many(f);
	storage_close(&f->storage);
	assert_null(f->storage);
	assert_int_equal(f->answered, MANY + 1);
	assert_null(f->error);
	check_order(f, MANY + 1);
	g_autofree char *stored = fixture_sql(f->file, "SELECT count(*) FROM users");
	assert_string_equal(stored, "1000\n");
	storage_close(&f->storage);
}

static void failed_opening_answers_everything_with_its_error(void **state)
{
	struct fixture *f = *state;

	g_free(f->file);
	f->file = g_build_filename(f->folder, "absent", "database.sql", NULL);
	struct storage_options options = { .type = "sqlite3", .database = f->file };
	f->storage = storage_open(f->loop, &options, fixture_reply(f), NULL);
	for (unsigned i = 0; i < 3; i++) {
		storage_find_user(f->storage, "a@b", fixture_reply(f));
		while (f->answered < i + 1)
			loop_once(f->loop, -1);
		assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	}
	storage_close(&f->storage);
	check_order(f, 4);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
}

struct asker {
	struct fixture *fixture;
	struct storage *storage;
};

static void ask_again(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct asker *asker = ctx;

	storage_list_users(asker->storage, false, fixture_reply(asker->fixture));
	assert_int_equal(asker->fixture->answered, 1);
}

static void question_from_inside_the_last_answer_is_answered(void **state)
{
	struct fixture *f = *state;

	assert_true(fixture_open(f, ""));
	struct asker asker = { f, f->storage };
	storage_list_users(f->storage, false, (struct storage_reply){ .done = ask_again, .ctx = &asker });
	storage_close(&f->storage);
	assert_int_equal(f->answered, 2);
	assert_null(f->error);
}

static void count_refusals(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	unsigned *counts = ctx;

	counts[0]++;
	if (answer->error)
		assert_non_null(strstr(answer->error->message, "more than 65536 requests"));
	counts[1] += answer->error != NULL;
}

static void requests_past_the_limit_are_refused(void **state)
{
	struct fixture *f = *state;
	unsigned counts[2] = { 0, 0 };

	assert_true(fixture_open(f, ""));
	for (unsigned i = 0; i < 65536 + 3; i++)
		storage_uin_in_use(f->storage, "x", NULL, (struct storage_reply){ count_refusals, counts, i });
	storage_close(&f->storage);
	assert_int_equal(counts[0], 65536 + 3);
	assert_int_equal(counts[1], 3);
}

static void copy_line(void *ctx, enum log_level level, const char *area, const char *text)
{
	if (level >= LOG_WARN)
		g_string_append_printf(ctx, "%s\n", text);
}

static void failure_nobody_waits_for_is_logged_without_the_password(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GString) lines = g_string_new(NULL);
	struct storage_user user = { .jid = "a@b", .uin = "poison", .password = "hunter2" };

	assert_true(fixture_open(f, ""));
	g_free(fixture_sql(f->file, "CREATE TRIGGER stop BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'no'); END"));
	log_capture(copy_line, lines);
	storage_put_user(f->storage, &user, (struct storage_reply){ .done = NULL });
	storage_set_online(f->storage, 5, false, (struct storage_reply){ .done = NULL });
	storage_close(&f->storage);
	log_capture(NULL, NULL);
	g_autofree char *expected = g_strdup_printf("storing a user failed: database %s: no\n", f->file);
	assert_string_equal(lines->str, expected);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(unknown_type_is_refused_at_once),
		TEST(type_none_answers_that_there_is_none),
		TEST(thousand_requests_before_it_is_open_are_answered_in_order),
		TEST(close_answers_and_stores_what_is_queued),
		TEST(failed_opening_answers_everything_with_its_error),
		TEST(question_from_inside_the_last_answer_is_answered),
		TEST(requests_past_the_limit_are_refused),
		TEST(failure_nobody_waits_for_is_logged_without_the_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
