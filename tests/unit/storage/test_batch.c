/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "storage/batch.h"
#include "storage/schema.h"

/* SQLite with faults on demand. */
static struct {
	bool commit_fails, write_lock_fails;
	unsigned losses; /* the connection is lost at that many begins to come */
	bool lost;
	unsigned opened, begun;
} faults;

static struct driver *faulty_open(const struct storage_options *options, GError **error)
{
	faults.lost = false;
	faults.opened++;
	return sqlite_driver.open(options, error);
}

static bool faulty_begin(struct driver *driver, bool write, GError **error)
{
	faults.begun++;
	if (faults.losses > 0) {
		faults.losses--;
		faults.lost = true;
	}
	if (faults.lost || (write && faults.write_lock_fails)) {
		g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED, faults.lost ? "lost" : "no lock");
		return false;
	}
	return sqlite_driver.begin(driver, write, error);
}

static bool faulty_commit(struct driver *driver, GError **error)
{
	if (!faults.commit_fails)
		return sqlite_driver.commit(driver, error);
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED, "no commit");
	return false;
}

static enum driver_state faulty_state(struct driver *driver)
{
	return faults.lost ? DRIVER_LOST : sqlite_driver.state(driver);
}

static struct driver_type faulty_driver;

struct bench {
	struct fixture *f;
	struct database *db;
	struct job *jobs[4];
};

static int open_bench(void **state)
{
	struct bench *b = g_new0(struct bench, 1);
	int64_t before;

	fixture_setup((void **)&b->f);
	memset(&faults, 0, sizeof(faults));
	faulty_driver = sqlite_driver;
	faulty_driver.open = faulty_open;
	faulty_driver.begin = faulty_begin;
	faulty_driver.commit = faulty_commit;
	faulty_driver.state = faulty_state;
	b->db = database_new(&faulty_driver, &(struct storage_options){ .database = b->f->file });
	*state = b;
	return database_open(b->db, NULL) && schema_ensure(b->db, &before, NULL) ? 0 : -1;
}

static int close_bench(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(b->jobs); i++)
		job_free(&b->jobs[i]);
	database_free(&b->db);
	fixture_teardown((void **)&b->f);
	g_free(b);
	return 0;
}

static struct job *make_put(const char *jid)
{
	struct job *job = job_new(&job_put_user, (struct storage_reply){ .done = NULL });

	job->user = (struct storage_user){ .jid = jid, .uin = jid, .password = "", .language = "", .encoding = "" };
	return job;
}

static struct job *make_find(const char *jid)
{
	struct job *job = job_new(&job_find_user, (struct storage_reply){ .done = NULL });

	job->name = jid;
	return job;
}

static struct job *make_contacts(int64_t user, const char *first, const char *second)
{
	struct job *job = job_new(&job_put_contacts, (struct storage_reply){ .done = NULL });
	const char *names[] = { first, second };

	job->user_id = user;
	job->contact_count = 2;
	job->contacts = arena_zalloc(job->arena, 2 * sizeof(*job->contacts));
	for (size_t i = 0; i < 2; i++)
		job->contacts[i] = (struct storage_contact){
			.name = names[i], .subscription = "both", .alias = "", .groups = "", .icon_hash = ""
		};
	return job;
}

static void check_sql(struct bench *b, const char *sql, const char *expected)
{
	g_autofree char *rows = fixture_sql(b->f->file, sql);

	assert_string_equal(rows, expected);
}

static void make_poison(struct bench *b, const char *action)
{
	g_autofree char *sql = g_strdup_printf("CREATE TRIGGER poison BEFORE INSERT ON buddies WHEN NEW.uin = 'poison'"
					       " BEGIN SELECT RAISE(%s, 'poisoned'); END",
					       action);

	g_free(fixture_sql(b->f->file, sql));
}

static void check_poisoned(struct bench *b)
{
	b->jobs[0] = make_put("a@b");
	b->jobs[1] = make_contacts(1, "innocent", "poison");
	b->jobs[2] = make_contacts(1, "x", "y");
	b->jobs[3] = make_find("a@b");
	batch_run(b->db, b->jobs, 4);
	assert_null(b->jobs[0]->error);
	assert_non_null(strstr(b->jobs[1]->error->message, "poisoned"));
	assert_null(b->jobs[2]->error);
	assert_null(b->jobs[3]->error);
	assert_int_equal(b->jobs[3]->answer.user->contact_count, 2);
	check_sql(b, "SELECT uin FROM buddies ORDER BY id", "x\ny\n");
}

static void failed_job_is_undone_alone(void **state)
{
	make_poison(*state, "FAIL");
	faults.begun = 0;
	check_poisoned(*state);
	assert_int_equal(faults.begun, 1);
}

static void others_are_done_again_when_the_engine_gives_up_the_transaction(void **state)
{
	make_poison(*state, "ROLLBACK");
	faults.begun = 0;
	check_poisoned(*state);
	assert_int_equal(faults.begun, 5);
}

static void failed_job_on_its_own_leaves_nothing(void **state)
{
	struct bench *b = *state;

	make_poison(b, "FAIL");
	b->jobs[0] = make_put("a@b");
	batch_run(b->db, &b->jobs[0], 1);
	b->jobs[1] = make_contacts(1, "innocent", "poison");
	batch_run(b->db, &b->jobs[1], 1);
	assert_non_null(b->jobs[1]->error);
	check_sql(b, "SELECT count(*) FROM buddies", "0\n");
}

static void failed_commit_fails_the_whole_batch(void **state)
{
	struct bench *b = *state;

	b->jobs[0] = make_put("a@b");
	b->jobs[1] = make_put("c@d");
	faults.commit_fails = true;
	batch_run(b->db, b->jobs, 2);
	assert_string_equal(b->jobs[0]->error->message, "no commit");
	assert_string_equal(b->jobs[1]->error->message, "no commit");
	assert_null(b->jobs[0]->answer.user);
	check_sql(b, "SELECT count(*) FROM users", "0\n");
	faults.commit_fails = false;
	batch_run(b->db, b->jobs, 2);
	assert_null(b->jobs[0]->error);
	check_sql(b, "SELECT count(*) FROM users", "2\n");
}

static void readers_are_served_without_the_lock_to_write(void **state)
{
	struct bench *b = *state;

	b->jobs[0] = make_put("a@b");
	batch_run(b->db, b->jobs, 1);
	faults.write_lock_fails = true;
	b->jobs[1] = make_put("c@d");
	b->jobs[2] = make_find("a@b");
	batch_run(b->db, b->jobs, 3);
	assert_string_equal(b->jobs[0]->error->message, "no lock");
	assert_string_equal(b->jobs[1]->error->message, "no lock");
	assert_null(b->jobs[2]->error);
	assert_string_equal(b->jobs[2]->answer.user->jid, "a@b");
}

static void lost_connection_is_opened_again(void **state)
{
	struct bench *b = *state;

	for (size_t n = 1; n <= 3; n++) {
		faults.losses = 1;
		faults.opened = 0;
		for (size_t i = 0; i < n; i++) {
			job_free(&b->jobs[i]);
			b->jobs[i] = make_put("a@b");
		}
		batch_run(b->db, b->jobs, n);
		for (size_t i = 0; i < n; i++)
			assert_null(b->jobs[i]->error);
		assert_int_equal(faults.opened, 1);
	}
	check_sql(b, "SELECT count(*) FROM users", "1\n");
}

static void connection_that_stays_lost_fails_all_and_is_tried_at_the_next_batch(void **state)
{
	struct bench *b = *state;

	faults.losses = 100;
	for (size_t i = 0; i < 4; i++)
		b->jobs[i] = make_put("a@b");
	batch_run(b->db, b->jobs, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(b->jobs[i]->error->message, "lost");
	assert_int_equal(faults.losses, 98);
	faults.losses = 0;
	batch_run(b->db, b->jobs, 4);
	assert_null(b->jobs[3]->error);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
	const struct CMUnitTest tests[] = {
		TEST(failed_job_is_undone_alone),
		TEST(others_are_done_again_when_the_engine_gives_up_the_transaction),
		TEST(failed_job_on_its_own_leaves_nothing),
		TEST(failed_commit_fails_the_whole_batch),
		TEST(readers_are_served_without_the_lock_to_write),
		TEST(lost_connection_is_opened_again),
		TEST(connection_that_stays_lost_fails_all_and_is_tried_at_the_next_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
