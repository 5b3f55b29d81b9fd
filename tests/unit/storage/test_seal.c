/* SPDX-License-Identifier: MIT */
#include "storage/seal.h"

#include "base/secret.h"
#include "fixture.h"

#define ROMEO  "romeo@example.org"
#define STORED "SELECT password FROM users"

static void open_with(struct fixture *f, const char *key)
{
	struct storage_options options = {
		.type = "sqlite3", .database = f->file, .prefix = "", .encryption_key = key
	};
	storage_close(&f->storage);
	f->storage = storage_open(f->loop, &options, fixture_reply(f), NULL);
	fixture_wait(f);
	assert_null(f->error);
}

static void put(struct fixture *f, const char *password)
{
	struct storage_user user = { .jid = ROMEO, .uin = "montague", .password = password, .language = "en" };
	storage_put_user(f->storage, &user, fixture_reply(f));
	fixture_wait(f);
}

static void sealed_passwords_open_for_their_jid_only(void **state)
{
	struct seal *seal = seal_new("key");
	g_autofree char *sealed = seal_close(seal, ROMEO, "secret \u00e9");
	g_autofree char *again = seal_close(seal, ROMEO, "secret \u00e9");
	char *opened = seal_open(seal, ROMEO, sealed);
	assert_true(seal_is_sealed(sealed));
	assert_string_not_equal(sealed, again);
	assert_string_equal(opened, "secret \u00e9");
	assert_null(seal_open(seal, "juliet@example.org", sealed));
	secret_free(&opened);
	seal_free(&seal);
	assert_null(seal);
}

/* Sealed by another implementation (Python's hashlib.scrypt and cryptography), with nonce 000102..0b. */
static void form_stays_as_it_is(void **state)
{
	static const char text[] = "$s1$AAECAwQFBgcICQoL9Sf8E30hM+t8WPNE7i7cYV92Cf+G3iQg";
	struct seal *seal = seal_new("key");
	char *opened = seal_open(seal, ROMEO, text);
	assert_non_null(opened);
	assert_string_equal(opened, "password");
	secret_free(&opened);
	seal_free(&seal);
}

static void what_was_tampered_with_does_not_open(void **state)
{
	struct seal *seal = seal_new("key");
	/* Of a size that base64 needs no padding for, whose bits mean nothing. */
	g_autofree char *sealed = seal_close(seal, ROMEO, "password");
	for (char *at = sealed; *at; at++) {
		char was = *at;
		*at = was == 'A' ? 'B' : 'A';
		char *opened = seal_open(seal, ROMEO, sealed);
		assert_null(opened);
		*at = '\0';
		assert_null(seal_open(seal, ROMEO, sealed));
		*at = was;
	}
	assert_null(seal_open(seal, ROMEO, "$s1$"));
	assert_null(seal_open(seal, ROMEO, "secret"));
	seal_free(&seal);
}

static void longest_password_fits_the_column(void **state)
{
	struct seal *seal = seal_new("key");
	g_autofree char *longest = g_strnfill(SEAL_PASSWORD_MAX, 'x');
	g_autofree char *longer = g_strnfill(SEAL_PASSWORD_MAX + 1, 'x');
	g_autofree char *sealed = seal_close(seal, ROMEO, longest);
	assert_true(strlen(sealed) <= 255);
	char *opened = seal_open(seal, ROMEO, sealed);
	assert_string_equal(opened, longest);
	assert_null(seal_close(seal, ROMEO, longer));
	secret_free(&opened);
	seal_free(&seal);
}

static void database_holds_sealed_passwords(void **state)
{
	struct fixture *f = *state;
	open_with(f, "key");
	put(f, "tyb4lt");
	assert_non_null(strstr(f->text, "tyb4lt"));
	g_autofree char *stored = fixture_sql(f->file, STORED);
	assert_true(seal_is_sealed(stored));
	assert_non_null(strstr(fixture_find(f, ROMEO), "montague tyb4lt"));
	put(f, "n3w");
	assert_non_null(strstr(fixture_find(f, ROMEO), "montague n3w"));
}

static void password_in_the_clear_is_sealed_when_it_is_read(void **state)
{
	struct fixture *f = *state;
	open_with(f, "");
	put(f, "tyb4lt");
	g_autofree char *plain = fixture_sql(f->file, STORED);
	assert_string_equal(plain, "tyb4lt\n");
	open_with(f, "key");
	assert_non_null(strstr(fixture_find(f, ROMEO), "montague tyb4lt"));
	storage_close(&f->storage);
	g_autofree char *sealed = fixture_sql(f->file, STORED);
	assert_true(seal_is_sealed(sealed));
	open_with(f, "key");
	assert_non_null(strstr(fixture_find(f, ROMEO), "montague tyb4lt"));
}

/* Users of server mode have none here, and lose nothing with the key. */
static void no_password_is_not_sealed(void **state)
{
	static const char *const keys[] = { "key", "other", "" };
	struct fixture *f = *state;
	open_with(f, keys[0]);
	put(f, "");
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		open_with(f, keys[i]);
		assert_non_null(strstr(fixture_find(f, ROMEO), "montague"));
		assert_null(f->error);
	}
	g_autofree char *stored = fixture_sql(f->file, STORED);
	assert_string_equal(stored, "\n");
}

static void without_its_key_a_password_is_neither_read_nor_overwritten(void **state)
{
	static const char *const keys[] = { "other", "" };
	static const char *const reasons[] = { "is not the key it was sealed under", "is not set" };
	struct fixture *f = *state;
	open_with(f, "key");
	put(f, "tyb4lt");
	g_autofree char *before = fixture_sql(f->file, STORED);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		open_with(f, keys[i]);
		fixture_find(f, ROMEO);
		assert_int_equal(fixture_code(f), STORAGE_ERROR_SEALED);
		assert_non_null(strstr(f->error->message, ROMEO));
		assert_non_null(strstr(f->error->message, reasons[i]));
	}
	g_autofree char *after = fixture_sql(f->file, STORED);
	assert_string_equal(after, before);
}

static void new_password_replaces_one_that_does_not_open(void **state)
{
	struct fixture *f = *state;
	open_with(f, "key");
	put(f, "tyb4lt");
	open_with(f, "other");
	put(f, "n3w");
	assert_null(f->error);
	assert_non_null(strstr(fixture_find(f, ROMEO), "montague n3w"));
}

static void password_that_is_too_long_is_refused(void **state)
{
	struct fixture *f = *state;
	g_autofree char *longer = g_strnfill(SEAL_PASSWORD_MAX + 1, 'x');
	open_with(f, "key");
	put(f, longer);
	assert_true(g_error_matches(f->error, STORAGE_ERROR, STORAGE_ERROR_TOO_LONG));
	assert_null(strstr(f->error->message, longer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sealed_passwords_open_for_their_jid_only),
		cmocka_unit_test(form_stays_as_it_is),
		cmocka_unit_test(what_was_tampered_with_does_not_open),
		cmocka_unit_test(longest_password_fits_the_column),
		cmocka_unit_test_setup_teardown(database_holds_sealed_passwords, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(password_in_the_clear_is_sealed_when_it_is_read, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(no_password_is_not_sealed, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(without_its_key_a_password_is_neither_read_nor_overwritten,
						fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(new_password_replaces_one_that_does_not_open, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(password_that_is_too_long_is_refused, fixture_setup, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
