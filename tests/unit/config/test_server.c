/* SPDX-License-Identifier: MIT */
#include "config/server.h"

#include <glib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void domain_host_and_port_are_told_apart(void **state)
{
	static const struct {
		const char *text, *domain, *host;
		unsigned port;
	} rows[] = {
		{ "localhost", "localhost", "localhost", 5222 },
		{ "example.org:15222", "example.org", "example.org", 15222 },
		{ "example.org xmpp.example.org", "example.org", "xmpp.example.org", 5222 },
		{ "example.org  127.0.0.1:6222", "example.org", "127.0.0.1", 6222 },
		{ "example.org [::1]:6222", "example.org", "::1", 6222 },
		{ "example.org [2001:db8::1]", "example.org", "2001:db8::1", 5222 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct config_server server;
		assert_true(config_server_parse(&server, rows[i].text));
		assert_string_equal(server.domain, rows[i].domain);
		assert_string_equal(server.host, rows[i].host);
		assert_int_equal(server.port, rows[i].port);
		config_server_clear(&server);
	}
}

static void other_texts_are_none(void **state)
{
	static const char *const texts[] = { "",
					     " ",
					     ":5222",
					     "example.org:",
					     "example.org:0",
					     "example.org:65536",
					     "example.org:xmpp",
					     "romeo@example.org",
					     "example.org/x",
					     "::1",
					     "[::1",
					     "example.org:5222 host",
					     "example.org host:",
					     "example.org host more",
					     "example.org\n" };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct config_server server;
		if (config_server_parse(&server, texts[i]))
			fail_msg("taken: '%s'", texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(domain_host_and_port_are_told_apart),
					    cmocka_unit_test(other_texts_are_none) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
