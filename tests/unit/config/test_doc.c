/* SPDX-License-Identifier: MIT */
/* test_config_doc FILE           compares FILE with what the option table gives
 * test_config_doc --write FILE   writes it */
#include "config/doc.h"

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *program, *markdown_path;

static char *print(void (*to)(FILE *out))
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	assert_non_null(out);
	to(out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void document_in_the_tree_is_current(void **state)
{
	char *expected = print(config_print_markdown);
	g_autofree char *found = NULL;
	bool same = g_file_get_contents(markdown_path, &found, NULL, NULL) && strcmp(found, expected) == 0;
	free(expected);
	if (!same)
		fail_msg("%s is not what src/config/options.def gives; run: %s --write %s", markdown_path, program,
			 markdown_path);
}

static void markdown_has_every_key(void **state)
{
	char *text = print(config_print_markdown);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const char *key = config_option_info((enum config_option)i)->key;
		g_autofree char *row = g_strdup_printf("\n| %s |", strchr(key, '.') + 1);
		if (!strstr(text, row))
			fail_msg("%s", key);
	}
	free(text);
}

/* The sample says nothing but sections until a line is uncommented; then it says the default. */
static void sample_is_a_file_that_loads(void **state)
{
	char *sample = print(config_print_sample);
	static const char *const overrides[] = { "service.jid=x", "service.port=1", "service.password=x", NULL };
	g_autoptr(GRegex) option = g_regex_new("^#([a-z_A-Z]+ =)", G_REGEX_MULTILINE, 0, NULL);
	g_autofree char *uncommented = g_regex_replace(option, sample, -1, 0, "\\1", 0, NULL);
	struct config *plain = fixture_load(*state, sample, NULL, overrides);
	struct config *spoken;
	g_autofree int *changes = NULL;
	g_autoptr(GString) lists_out = g_string_new(uncommented);
	assert_non_null(plain);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const struct config_option_info *info = config_option_info((enum config_option)i);
		g_autofree char *line = g_strdup_printf("\n%s =\n", strchr(info->key, '.') + 1);
		if (info->type == CONFIG_LIST)
			assert_true(g_string_replace(lists_out, line, "\n", 0) > 0);
	}
	spoken = fixture_load(*state, lists_out->str, NULL, overrides);
	if (!spoken)
		fail_msg("%s", ((struct fixture *)*state)->error->message);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const struct config_option_info *info = config_option_info((enum config_option)i);
		if (!config_is_set(spoken, (enum config_option)i) && info->type != CONFIG_LIST)
			fail_msg("%s", info->key);
	}
	changes = config_changes(plain, spoken);
	assert_int_equal(changes[0], -1);
	config_unref(&plain);
	config_unref(&spoken);
	free(sample);
}

static int write_markdown(const char *path)
{
	FILE *out = fopen(path, "w");
	if (!out) {
		perror(path);
		return 1;
	}
	config_print_markdown(out);
	return fclose(out) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(document_in_the_tree_is_current),
		cmocka_unit_test(markdown_has_every_key),
		cmocka_unit_test_setup_teardown(sample_is_a_file_that_loads, fixture_make, fixture_remove),
	};
	if (argc == 3 && strcmp(argv[1], "--write") == 0)
		return write_markdown(argv[2]);
	if (argc != 2) {
		fputs("usage: test_config_doc [--write] FILE\n", stderr);
		return 2;
	}
	program = argv[0];
	markdown_path = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
