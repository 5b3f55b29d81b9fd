/* SPDX-License-Identifier: MIT */
#include "config/check.h"
#include "config/config.h"
#include "config/consistency.h"
#include "config/ini.h"

#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

/* Line numbers beside those of the file. */
enum { COMMAND_LINE = 0 };

struct loader {
	const struct config_source *source;
	struct config *config;              /* owned until it is handed out */
	GString *errors;                    /* owned */
	GString *warnings;                  /* borrowed, or NULL */
	unsigned line[CONFIG_OPTION_COUNT]; /* where it was first said */
	bool bad[CONFIG_OPTION_COUNT];      /* has an error already */
};

static void append_origin(GString *out, const struct loader *loader, unsigned line)
{
	if (out->len > 0)
		g_string_append_c(out, '\n');
	if (line == COMMAND_LINE)
		g_string_append(out, "command line: ");
	else
		g_string_append_printf(out, "%s:%u: ", loader->source->path, line);
}

static void fail(struct loader *loader, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void fail(struct loader *loader, unsigned line, const char *format, ...)
{
	va_list args;
	append_origin(loader->errors, loader, line);
	va_start(args, format);
	g_string_append_vprintf(loader->errors, format, args);
	va_end(args);
}

/* About an option as a whole, said or not. */
static void fail_option(struct loader *loader, enum config_option option, const char *what)
{
	const char *key = config_option_info(option)->key;
	if (loader->bad[option])
		return;
	loader->bad[option] = true;
	if (loader->config->is_set[option]) {
		fail(loader, loader->line[option], "%s: %s", key, what);
		return;
	}
	g_string_append_printf(loader->errors, "%s%s: %s is missing: %s", loader->errors->len > 0 ? "\n" : "",
			       loader->source->path, key, what);
}

/* A key of ours in a section that is not: most likely the section is misspelt. */
static bool is_misplaced(const char *key, const char *nearest)
{
	const char *dot = strchr(key, '.');
	return dot && nearest && !g_ascii_strcasecmp(dot, strchr(nearest, '.'));
}

static void warn_unknown(struct loader *loader, const char *key, unsigned line)
{
	const char *nearest = loader->warnings ? config_check_nearest(key) : NULL;
	if (!loader->warnings || !(config_check_is_ours(key) || is_misplaced(key, nearest)))
		return;
	append_origin(loader->warnings, loader, line);
	g_string_append_printf(loader->warnings, "%s: unknown key", key);
	if (nearest)
		g_string_append_printf(loader->warnings, ", did you mean %s?", nearest);
}

static bool is_list(int option)
{
	return config_option_info((enum config_option)option)->type == CONFIG_LIST;
}

static void take_row(void *ctx, const char *key, const char *value, unsigned line)
{
	struct loader *loader = ctx;
	int option = config_option_find(key);
	if (option < 0) {
		if (!config_extra(loader->config, key))
			warn_unknown(loader, key, line);
	} else if (loader->config->is_set[option] && !is_list(option)) {
		fail(loader, line, "%s: given twice, first in line %u", key, loader->line[option]);
		loader->bad[option] = true;
		return;
	} else if (!loader->config->is_set[option]) {
		loader->config->is_set[option] = true;
		loader->line[option] = line;
	}
	config_snapshot_say(loader->config, key, value);
}

static void take_fault(void *ctx, unsigned line, const char *what)
{
	fail(ctx, line, "%s", what);
}

/* What the command line says about a key for the first time replaces what the file says. */
static void override(struct loader *loader, const char *key, const char *value)
{
	int option = config_option_find(key);
	bool again = option >= 0 && loader->config->is_set[option] && loader->line[option] == COMMAND_LINE;
	if (option < 0 && !config_extra(loader->config, key))
		warn_unknown(loader, key, COMMAND_LINE);
	if (!again || !is_list(option))
		config_snapshot_forget(loader->config, key);
	config_snapshot_say(loader->config, key, value);
	if (option >= 0) {
		loader->config->is_set[option] = true;
		loader->line[option] = COMMAND_LINE;
	}
}

static void apply_overrides(struct loader *loader)
{
	for (const char *const *p = loader->source->overrides; p && *p; p++) {
		const char *equals = strchr(*p, '=');
		g_autofree char *key = equals ? g_strndup(*p, (gsize)(equals - *p)) : NULL;
		if (key && strchr(key, '.'))
			override(loader, key, equals + 1);
		else
			fail(loader, COMMAND_LINE, "an option is written as --section.key=value");
	}
	if (loader->source->jid)
		override(loader, config_option_info(CONFIG_SERVICE_JID)->key, loader->source->jid);
}

static char *replace_jid(const struct loader *loader, const char *text)
{
	const char *jid = config_extra(loader->config, config_option_info(CONFIG_SERVICE_JID)->key);
	GString *out = g_string_new(text);
	g_string_replace(out, "$jid", jid ? jid : "", 0);
	return g_string_free(out, FALSE);
}

/* One text, or one item of a list. */
static bool convert(struct loader *loader, enum config_option option, const char *text, union config_value *value)
{
	bool is_jid = option == CONFIG_SERVICE_JID;
	char *whole = is_jid ? secret_dup(text) : replace_jid(loader, text);
	g_autofree char *expected = NULL;
	bool ok = config_check_convert(option, whole, value, &expected);
	if (!ok) {
		fail(loader, loader->line[option], "%s: '%s': expected %s", config_option_info(option)->key, whole,
		     expected);
		loader->bad[option] = true;
	}
	secret_free(&whole);
	return ok;
}

static void convert_list(struct loader *loader, enum config_option option)
{
	const char *const *raw = config_extra_list(loader->config, config_option_info(option)->key);
	GPtrArray *items = g_ptr_array_new();
	for (; *raw; raw++) {
		union config_value item;
		if (convert(loader, option, *raw, &item))
			g_ptr_array_add(items, item.text);
	}
	g_ptr_array_add(items, NULL);
	loader->config->values[option].list = (char **)g_ptr_array_free(items, FALSE);
}

/* The value said, or else the default, which a bad value falls back to so that checks can go on. */
static void convert_option(struct loader *loader, enum config_option option)
{
	const struct config_option_info *info = config_option_info(option);
	union config_value *value = &loader->config->values[option];
	g_autofree char *fallback = NULL, *ignored = NULL;
	if (info->type == CONFIG_LIST) {
		convert_list(loader, option);
		return;
	}
	if (loader->config->is_set[option] && convert(loader, option, config_extra(loader->config, info->key), value))
		return;
	fallback = replace_jid(loader, info->fallback);
	if (!config_check_convert(option, fallback, value, &ignored) && info->type == CONFIG_TEXT)
		value->text = secret_dup(fallback);
}

static void check_server(struct loader *loader)
{
	const struct config *config = loader->config;
	int tls_port = config_int(config, CONFIG_SERVICE_TLS_PORT);
	if (!g_hostname_is_ip_address(config_text(config, CONFIG_SERVICE_SERVER)))
		fail_option(loader, CONFIG_SERVICE_SERVER, "expected an address to listen on, such as 0.0.0.0");
	if (tls_port && tls_port == config_int(config, CONFIG_SERVICE_PORT))
		fail_option(loader, CONFIG_SERVICE_TLS_PORT, "expected another port than that of service.port");
	if (config_int(config, CONFIG_SERVICE_UPLOAD_PORT) && !*config_text(config, CONFIG_SERVICE_WEB_DIRECTORY))
		fail_option(loader, CONFIG_SERVICE_UPLOAD_PORT, "expected a folder for files as service.web_directory");
}

/* What depends on more than one key. */
static void check_together(struct loader *loader)
{
	struct config *config = loader->config;
	bool server_mode = config_bool(config, CONFIG_SERVICE_SERVER_MODE);
	if (!config->is_set[CONFIG_SERVICE_JID])
		fail_option(loader, CONFIG_SERVICE_JID, "expected the domain of the instance");
	if (server_mode && !config->is_set[CONFIG_REGISTRATION_NEED_REGISTRATION])
		config->values[CONFIG_REGISTRATION_NEED_REGISTRATION].flag = false;
	if (loader->bad[CONFIG_SERVICE_SERVER_MODE])
		return;
	if (server_mode) {
		check_server(loader);
		return;
	}
	if (config_int(config, CONFIG_SERVICE_PORT) == 0)
		fail_option(loader, CONFIG_SERVICE_PORT,
			    "expected the XMPP server's component port, 1 to 65535 (gateway mode)");
	if (!*config_text(config, CONFIG_SERVICE_PASSWORD))
		fail_option(loader, CONFIG_SERVICE_PASSWORD,
			    "expected the secret shared with the XMPP server (gateway mode)");
}

static bool set_file_error(GError **error, const char *path, int code)
{
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, "%s: %s", path, g_strerror(code));
	return false;
}

/* What a file may have and the piece that shows it has more, so that it is read without a copy of
 * its passwords being left behind by a growing array. */
#define PIECE     16384
#define READ_ROOM (CONFIG_INI_TEXT_MAX + 2 * PIECE)

/* At most one piece over the limit of the parser, which then refuses it. */
static bool read_all(int fd, GByteArray *out)
{
	guint8 piece[PIECE];
	ssize_t n = 1;
	while (n > 0 && out->len <= CONFIG_INI_TEXT_MAX) {
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			g_byte_array_append(out, piece, (guint)n);
	}
	secret_wipe(piece, sizeof(piece));
	return n >= 0;
}

static bool read_file(const char *path, GByteArray *out, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), code = 0;
	if (fd < 0)
		return set_file_error(error, path, errno);
	if (!read_all(fd, out))
		code = errno;
	close(fd);
	return code == 0 || set_file_error(error, path, code);
}

static struct config *finish(struct loader *loader, GError **error)
{
	if (loader->errors->len > 0) {
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, loader->errors->str);
		config_unref(&loader->config);
	}
	g_string_free(loader->errors, TRUE);
	return loader->config;
}

struct config *config_load(const struct config_source *source, GString *warnings, GError **error)
{
	static const struct config_ini_sink sink = { take_row, take_fault };
	struct loader loader = { .source = source, .warnings = warnings };
	g_autoptr(GByteArray) text = g_byte_array_sized_new(READ_ROOM);
	if (!read_file(source->path, text, error))
		return NULL;
	loader.config = config_snapshot_new(source->path);
	loader.errors = g_string_new(NULL);
	config_ini_parse((const char *)text->data, text->len, &sink, &loader);
	secret_wipe(text->data, text->len);
	apply_overrides(&loader);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++)
		convert_option(&loader, (enum config_option)i);
	check_together(&loader);
	if (warnings && !loader.errors->len)
		config_consistency_check(loader.config, warnings);
	return finish(&loader, error);
}
