/* SPDX-License-Identifier: MIT */
#include "fixture.h"

static int open_storage(void **state)
{
	fixture_setup(state);
	return fixture_open(*state, "") ? 0 : -1;
}

static void put(struct fixture *f, int64_t user, int64_t id, const char *peer)
{
	struct storage_archived archived = { .id = id, .peer = peer, .resource = "r", .stanza = "<m/>", .stamp = id };
	storage_archive_put(f->storage, user, &archived, fixture_reply(f));
}

static const char *find(struct fixture *f, int64_t user, struct storage_archive_query query)
{
	query.max = query.max ? query.max : 100;
	query.max_size = query.max_size ? query.max_size : 100000;
	storage_archive_find(f->storage, user, &query, fixture_reply(f));
	fixture_wait(f);
	return f->text;
}

/* 1 to n, by turns with a@x and b@x; another user's stand between. */
static int64_t fill(struct fixture *f, int n)
{
	int64_t user = fixture_add(f, "u@h", "1"), other = fixture_add(f, "v@h", "2");
	for (int i = 1; i <= n; i++) {
		put(f, user, i * 10, i % 2 ? "a@x" : "b@x");
		put(f, other, i * 10 + 1, "a@x");
	}
	fixture_wait(f);
	return user;
}

#define A(id) #id " a@x/r <m/> " #id "\n"
#define B(id) #id " b@x/r <m/> " #id "\n"

static void stanzas_come_back_whole_and_in_order(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_add(f, "u@h", "1");
	struct storage_archived late = { 9, "a@x", "", "<message><body>Zo\xc3\xab</body></message>", 5 };

	storage_archive_put(f->storage, user, &late, fixture_reply(f));
	put(f, user, 7, "b@x");
	assert_string_equal(find(f, user, (struct storage_archive_query){ 0 }),
			    "7 b@x/r <m/> 7\n9 a@x/ <message><body>Zo\xc3\xab</body></message> 5\nall of 2\n");
}

static void pages_go_forward_and_back(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 5);

	assert_string_equal(find(f, user, (struct storage_archive_query){ .max = 2 }), A(10) B(20) "some of 5\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .max = 2, .page_after = 20 }),
			    A(30) B(40) "some of 5\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .max = 2, .page_after = 40 }),
			    A(50) "all of 5\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .max = 2, .last = true }),
			    B(40) A(50) "some of 5\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .max = 4, .last = true, .page_before = 50 }),
			    A(10) B(20) A(30) B(40) "all of 5\n");
}

static void a_page_is_bounded_in_bytes(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 5);

	assert_string_equal(find(f, user, (struct storage_archive_query){ .max_size = 7 }), A(10) B(20) "some of 5\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .max_size = 7, .last = true }),
			    B(40) A(50) "some of 5\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .max_size = 19 }),
			    A(10) B(20) A(30) B(40) A(50) "all of 5\n");
}

static void what_does_not_match_is_left_out(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 5);

	assert_string_equal(find(f, user, (struct storage_archive_query){ .peer = "b@x" }), B(20) B(40) "all of 2\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .peer = "b@x", .resource = "r", .max = 1 }),
			    B(20) "some of 2\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .peer = "b@x", .resource = "q" }),
			    "all of 0\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .start = 20, .end = 40 }),
			    B(20) A(30) B(40) "all of 3\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .after = 20, .before = 50 }),
			    A(30) B(40) "all of 2\n");
	assert_string_equal(
		find(f, user, (struct storage_archive_query){ .after = 10, .page_after = 30, .before = 50 }),
		B(40) "all of 3\n");
	assert_string_equal(find(f, user, (struct storage_archive_query){ .peer = "a@x", .last = true, .max = 2 }),
			    A(30) A(50) "some of 3\n");
}

static void stanzas_are_found_by_their_ids(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 3), ids[] = { 30, 10 }, of_other = 11;

	assert_string_equal(find(f, user, (struct storage_archive_query){ .ids = ids, .id_count = 2 }),
			    A(30) A(10) "all of 2\n");
	find(f, user, (struct storage_archive_query){ .ids = &of_other, .id_count = 1 });
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
}

static void an_unknown_id_is_an_error(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 3);
	const struct storage_archive_query queries[] = {
		{ .after = 11 }, { .before = 15 }, { .page_after = 40 }, { .page_before = 1 }
	};

	for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
		find(f, user, queries[i]);
		assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	}
}

static void the_greatest_id_is_known(void **state)
{
	struct fixture *f = *state;

	storage_archive_last(f->storage, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(f->last_id, 0);
	fill(f, 3);
	storage_archive_last(f->storage, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(f->last_id, 31);
}

static void what_is_old_goes_bit_by_bit(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 5);

	storage_archive_expire(f->storage, 40, 4, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(f->dropped, 4);
	storage_archive_expire(f->storage, 40, 4, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(f->dropped, 6);
	assert_string_equal(find(f, user, (struct storage_archive_query){ 0 }), B(40) A(50) "all of 2\n");
}

static void of_too_many_the_oldest_go(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_add(f, "u@h", "1");
	/* What is there is put there past the storage, for the time it takes. */
	g_free(fixture_sql(f->file, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20010)"
				    " INSERT INTO users_archive SELECT i, 1, 'a@x', '', i, 4, '<m/>' FROM n"));
	put(f, user, 20032, "a@x"); /* a multiple of 64 */
	fixture_wait(f);
	g_autofree char *rows = fixture_sql(f->file, "SELECT count(*), min(id), max(id) FROM users_archive");
	assert_string_equal(rows, "20000|12|20032\n");
}

static void of_too_much_the_oldest_go(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_add(f, "u@h", "1");

	g_free(fixture_sql(f->file, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
				    " INSERT INTO users_archive SELECT i, 1, 'a@x', '', i, 100000, '<m/>' FROM n"));
	put(f, user, 1024, "a@x");
	fixture_wait(f);
	g_autofree char *rows =
		fixture_sql(f->file, "SELECT count(*), min(id), sum(size) < 67108864 FROM users_archive");
	assert_string_equal(rows, "489|513|1\n");
}

static void the_archive_goes_with_its_user(void **state)
{
	struct fixture *f = *state;
	int64_t user = fill(f, 2);

	storage_remove_user(f->storage, "u@h", fixture_reply(f));
	fixture_wait(f);
	g_autofree char *rows = fixture_sql(f->file, "SELECT user_id, count(*) FROM users_archive");
	assert_string_equal(rows, "2|2\n");
	put(f, user, 50, "a@x");
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_storage, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(stanzas_come_back_whole_and_in_order),
		TEST(pages_go_forward_and_back),
		TEST(a_page_is_bounded_in_bytes),
		TEST(what_does_not_match_is_left_out),
		TEST(stanzas_are_found_by_their_ids),
		TEST(an_unknown_id_is_an_error),
		TEST(the_greatest_id_is_known),
		TEST(what_is_old_goes_bit_by_bit),
		TEST(of_too_many_the_oldest_go),
		TEST(of_too_much_the_oldest_go),
		TEST(the_archive_goes_with_its_user),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
