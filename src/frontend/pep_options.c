/* SPDX-License-Identifier: MIT */
#include "frontend/pep.h"
#include "xmpp/form.h"

enum { VALUE_MAX = 100 };

enum kind { BOOLEAN, COUNT, CHOICE, TEXT };

/* Defaults are those of XEP-0163 where it has any. */
static const struct {
	const char *name;
	enum kind kind;
	const char *standard;
	const char *choices; /* each followed by a space */
} rows[PEP_OPTION_COUNT] = {
	[PEP_ACCESS_MODEL] = { "access_model", CHOICE, "presence", "authorize open presence roster whitelist " },
	[PEP_MAX_ITEMS] = { "max_items", COUNT, "1" },
	[PEP_NOTIFY_DELETE] = { "notify_delete", BOOLEAN, "true" },
	[PEP_NOTIFY_RETRACT] = { "notify_retract", BOOLEAN, "true" },
	[PEP_PERSIST_ITEMS] = { "persist_items", BOOLEAN, "true" },
	[PEP_PUBLISH_MODEL] = { "publish_model", CHOICE, "publishers", "open publishers subscribers " },
	[PEP_SEND_LAST] = { "send_last_published_item", CHOICE, "on_sub_and_presence",
			    "never on_sub on_sub_and_presence " },
	[PEP_TITLE] = { "title", TEXT, "" },
	[PEP_TYPE] = { "type", TEXT, "" },
};

/* --- values ---------------------------------------------------------------------------------- */

static const char *as_boolean(const char *value)
{
	if (!strcmp(value, "1") || !strcmp(value, "true"))
		return "true";
	return !strcmp(value, "0") || !strcmp(value, "false") ? "false" : NULL;
}

static const char *as_count(const char *value, struct arena *arena)
{
	guint64 number;
	if (!strcmp(value, "max"))
		return "max";
	if (!g_ascii_string_to_unsigned(value, 10, 1, UINT32_MAX, &number, NULL))
		return NULL;
	return number >= PEP_ITEMS_MAX ? "max" : arena_printf(arena, "%u", (unsigned)number);
}

static const char *as_choice(const char *value, const char *choices)
{
	for (const char *at = choices; *at; at = strchr(at, ' ') + 1)
		if (str_is((struct str){ at, strcspn(at, " ") }, value))
			return value;
	return NULL;
}

static const char *as_text(const char *value, struct arena *arena)
{
	char *copy = arena_strndup(arena, value, text_cut(value, strlen(value), VALUE_MAX));
	return g_strdelimit(copy, "\n", ' ');
}

/* NULL: it cannot be one. */
static const char *checked(enum pep_option option, const char *value, struct arena *arena)
{
	switch (rows[option].kind) {
	case BOOLEAN:
		return as_boolean(value);
	case COUNT:
		return as_count(value, arena);
	case CHOICE:
		return as_choice(arena_strdup(arena, value), rows[option].choices);
	case TEXT:
		return as_text(value, arena);
	}
	g_assert_not_reached();
}

static enum pep_option find(struct str name)
{
	enum pep_option option = 0;
	while (option < PEP_OPTION_COUNT && !str_is(name, rows[option].name))
		option++;
	return option;
}

/* --------------------------------------------------------------------------------------------- */

bool pep_options_read(struct pep_options *options, const struct xml_element *form, bool strict, struct arena *arena)
{
	static const char prefix[] = "pubsub#";
	for (const struct xml_element *at = xml_first(form); at; at = xml_next(at)) {
		const char *var = !strcmp(at->name, "field") ? xml_attr(at, "var") : NULL;
		const char *value = xml_child_text(at, NULL, "value", arena);
		if (!var || !strcmp(var, "FORM_TYPE"))
			continue;
		const char *name = g_str_has_prefix(var, prefix) ? var + strlen(prefix) : "";
		enum pep_option option = find((struct str){ name, strlen(name) });
		if (option == PEP_OPTION_COUNT && strict)
			return false;
		if (option == PEP_OPTION_COUNT || !value)
			continue;
		options->values[option] = checked(option, value, arena);
		if (!options->values[option])
			return false;
	}
	return true;
}

const char *pep_option(const struct pep_options *options, enum pep_option option)
{
	return options->values[option] ? options->values[option] : rows[option].standard;
}

bool pep_option_is_on(const struct pep_options *options, enum pep_option option)
{
	return !strcmp(pep_option(options, option), "true");
}

unsigned pep_options_keep(const struct pep_options *options)
{
	const char *text = pep_option(options, PEP_MAX_ITEMS);
	guint64 number;
	return g_ascii_string_to_unsigned(text, 10, 1, PEP_ITEMS_MAX, &number, NULL) ? (unsigned)number : PEP_ITEMS_MAX;
}

bool pep_options_meet(const struct pep_options *options, const struct pep_options *wanted)
{
	for (enum pep_option i = 0; i < PEP_OPTION_COUNT; i++)
		if (wanted->values[i] && strcmp(pep_option(options, i), wanted->values[i]) != 0)
			return false;
	return true;
}

void pep_options_change(struct pep_options *options, const struct pep_options *changes)
{
	for (enum pep_option i = 0; i < PEP_OPTION_COUNT; i++)
		if (changes->values[i])
			options->values[i] = changes->values[i];
}

/* A line "name=value" for what was said. */
const char *pep_options_text(const struct pep_options *options, struct arena *arena)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (enum pep_option i = 0; i < PEP_OPTION_COUNT; i++)
		if (options->values[i])
			g_string_append_printf(text, "%s=%s\n", rows[i].name, options->values[i]);
	return arena_strndup(arena, text->str, text->len);
}

void pep_options_parse(struct pep_options *options, const char *text, struct arena *arena)
{
	const char *end;
	*options = (struct pep_options){ 0 };
	for (const char *at = text; (end = strchr(at, '\n')); at = end + 1) {
		const char *mark = memchr(at, '=', (size_t)(end - at));
		enum pep_option option = mark ? find((struct str){ at, (size_t)(mark - at) }) : PEP_OPTION_COUNT;
		if (option < PEP_OPTION_COUNT)
			options->values[option] =
				checked(option, arena_strndup(arena, mark + 1, (size_t)(end - mark - 1)), arena);
	}
}

/* XEP-0060, section 8.2. */
void pep_options_put_form(struct buf *out, const struct pep_options *options)
{
	static const char *const types[] = {
		[BOOLEAN] = "boolean", [COUNT] = "text-single", [CHOICE] = "list-single", [TEXT] = "text-single"
	};
	form_begin(out, "form", NULL, NULL);
	form_put(out, "hidden", "FORM_TYPE", NULL, NS_PUBSUB "#node_config", false);
	for (enum pep_option i = 0; i < PEP_OPTION_COUNT; i++) {
		g_autofree char *var = g_strconcat("pubsub#", rows[i].name, NULL);
		const char *value = pep_option(options, i);
		if (rows[i].kind == CHOICE) {
			g_auto(GStrv) choices = g_strsplit(rows[i].choices, " ", 0);
			form_put_list(out, var, NULL, value, (const char *const *)choices, g_strv_length(choices) - 1);
		} else {
			form_put(out, types[rows[i].kind], var, NULL, value, false);
		}
	}
	form_end(out);
}
