/* SPDX-License-Identifier: MIT */
#include "frontend/server/identity.h"

#include "../loop/certs.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct place {
	char *folder, *file, *own;
	struct certs certs;
	GError *error;
};

static int setup(void **state)
{
	struct place *place = g_new0(struct place, 1);
	certs_make(&place->certs, "DNS:localhost");
	place->folder = g_dir_make_tmp("identity-XXXXXX", NULL);
	place->file = g_build_filename(place->folder, "spectrum.cfg", NULL);
	place->own = g_build_filename(place->folder, "self-signed.pem", NULL);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	g_unlink(place->file);
	g_unlink(place->own);
	assert_int_equal(g_rmdir(place->folder), 0);
	certs_clear(&place->certs);
	g_clear_error(&place->error);
	g_free(place->own);
	g_free(place->file);
	g_free(place->folder);
	g_free(place);
	return 0;
}

static struct tls *with(struct place *place, const char *cert, const char *key)
{
	g_autofree char *text = g_strdup_printf("[service]\njid = localhost\nserver_mode = 1\nport = 5222\n"
						"working_dir = %s\ncert = %s\ncert_key = %s\n",
						place->folder, cert, key);
	assert_true(g_file_set_contents(place->file, text, -1, NULL));
	g_clear_error(&place->error);
	struct config *config = config_load(&(struct config_source){ .path = place->file }, NULL, &place->error);
	assert_null(place->error);
	struct tls *tls = identity_tls(config, &place->error);
	config_unref(&config);
	return tls;
}

static void files_of_the_configuration_are_taken(void **state)
{
	struct place *place = *state;
	struct tls *tls = with(place, place->certs.cert, place->certs.key);
	assert_non_null(tls);
	assert_false(g_file_test(place->own, G_FILE_TEST_EXISTS));
	tls_free(&tls);
}

static void without_a_file_one_is_made_in_the_working_folder(void **state)
{
	struct place *place = *state;
	struct tls *tls = with(place, "", "");
	assert_non_null(tls);
	assert_true(g_file_test(place->own, G_FILE_TEST_EXISTS));
	tls_free(&tls);
}

static void errors_name_the_option(void **state)
{
	struct place *place = *state;
	assert_null(with(place, "/nonexistent/x.p12", ""));
	assert_true(g_str_has_prefix(place->error->message, "service.cert: /nonexistent/x.p12: "));
	assert_null(with(place, place->certs.cert, "/nonexistent/key.pem"));
	assert_true(g_str_has_prefix(place->error->message, "service.cert_key: /nonexistent/key.pem: "));
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(files_of_the_configuration_are_taken),
		facts(without_a_file_one_is_made_in_the_working_folder),
		facts(errors_name_the_option),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
