/* SPDX-License-Identifier: MIT */
/* test_config_samples FOLDER: what is installed from etc/ has to load. */
#include "base/log_properties.h"
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *folder;

static void loads_without_a_warning(const char *name, bool server_mode)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	struct config_source source = { path, NULL, NULL };
	g_autoptr(GString) warnings = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	struct config *config = config_load(&source, warnings, &error);
	if (!config)
		fail_msg("%s", error->message);
	assert_string_equal(warnings->str, "");
	assert_int_equal(config_bool(config, CONFIG_SERVICE_SERVER_MODE), server_mode);
	config_unref(&config);
}

static void examples_load_without_a_warning(void **state)
{
	loads_without_a_warning("spectrum.cfg.example", false);
	loads_without_a_warning("spectrum-server.cfg.example", true);
}

static void logging_files_load_and_keep_stanzas_out(void **state)
{
	static const char *const names[] = { "logging.cfg", "backend-logging.cfg" };
	static const struct log_names variables = { "irc.example.org", "1" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL), *text = NULL;
		g_autoptr(GError) error = NULL;
		struct log_properties *properties;
		gsize n;
		assert_true(g_file_get_contents(path, &text, &n, NULL));
		properties = log_properties_parse(text, n, path, &variables, &error);
		if (!properties)
			fail_msg("%s", error->message);
		assert_int_equal(log_properties_level(properties, "Component"), LOG_DEBUG);
		assert_int_equal(log_properties_level(properties, "Component.RAW"), LOG_OFF);
		log_properties_free(&properties);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_load_without_a_warning),
		cmocka_unit_test(logging_files_load_and_keep_stanzas_out),
	};
	if (argc != 2)
		return 2;
	folder = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
