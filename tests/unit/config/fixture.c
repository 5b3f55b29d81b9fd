/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <glib/gstdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int fixture_make(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	fixture->folder = g_dir_make_tmp("config-XXXXXX", NULL);
	fixture->path = g_build_filename(fixture->folder, "x.cfg", NULL);
	fixture->warnings = g_string_new(NULL);
	*state = fixture;
	return fixture->folder ? 0 : -1;
}

int fixture_remove(void **state)
{
	struct fixture *fixture = *state;
	g_unlink(fixture->path);
	g_rmdir(fixture->folder);
	g_string_free(fixture->warnings, TRUE);
	g_clear_error(&fixture->error);
	g_free(fixture->path);
	g_free(fixture->folder);
	g_free(fixture);
	return 0;
}

struct config *fixture_load(struct fixture *fixture, const char *text, const char *jid, const char *const *overrides)
{
	struct config_source source = { fixture->path, jid, overrides };
	g_clear_error(&fixture->error);
	g_string_truncate(fixture->warnings, 0);
	assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
	return config_load(&source, fixture->warnings, &fixture->error);
}

void fixture_refuse(struct fixture *fixture, const char *text, const char *const *overrides, const char *expected)
{
	g_autoptr(GString) whole = g_string_new(expected);
	assert_null(fixture_load(fixture, text, NULL, overrides));
	assert_true(g_error_matches(fixture->error, CONFIG_ERROR, CONFIG_ERROR_INVALID));
	g_string_replace(whole, "@", fixture->path, 0);
	assert_string_equal(fixture->error->message, whole->str);
}
