/* SPDX-License-Identifier: MIT */
#include "loop/tls.h"

#include "certs.h"
#include "loop/stream.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void client_reads_whom_it_trusts(void **state)
{
	struct certs certs;
	g_autoptr(GError) error = NULL;
	certs_make(&certs, "DNS:localhost");
	struct tls *client = tls_new_client(certs.cert, TRUE, &error);
	assert_null(error);
	assert_non_null(client);
	tls_free(&client);
	assert_null(client);
	certs_clear(&certs);
}

static void client_without_file_trusts_the_system(void **state)
{
	struct tls *client = tls_new_client(NULL, TRUE, NULL);
	assert_non_null(client);
	tls_free(&client);
}

static void client_that_verifies_nothing_needs_no_file(void **state)
{
	struct tls *client = tls_new_client("/nonexistent/ca.pem", FALSE, NULL);
	assert_non_null(client);
	tls_free(&client);
}

static void errors_name_the_file(void **state)
{
	g_autoptr(GError) error = NULL;
	struct tls *tls = tls_new_client("/nonexistent/ca.pem", TRUE, &error);
	assert_null(tls);
	assert_true(g_error_matches(error, LOOP_ERROR, LOOP_ERROR_TLS));
	assert_non_null(strstr(error->message, "/nonexistent/ca.pem"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(client_reads_whom_it_trusts),
		cmocka_unit_test(client_without_file_trusts_the_system),
		cmocka_unit_test(client_that_verifies_nothing_needs_no_file),
		cmocka_unit_test(errors_name_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
