/* SPDX-License-Identifier: MIT */
#include "frontend/server/identity.h"

#include "base/log.h"
#include "loop/certificate.h"

LOG_AREA("Server");

static void log_lines(const GString *warnings)
{
	g_auto(GStrv) lines = g_strsplit(warnings->str, "\n", -1);
	for (char **line = lines; *line; line++)
		log_warn("%s", *line);
}

struct tls *identity_tls(const struct config *config, GError **error)
{
	g_autoptr(GString) warnings = g_string_new(NULL);
	const struct certificate_options options = { .file = config_text(config, CONFIG_SERVICE_CERT),
						     .password = config_text(config, CONFIG_SERVICE_CERT_PASSWORD),
						     .key_file = config_text(config, CONFIG_SERVICE_CERT_KEY),
						     .folder = config_text(config, CONFIG_SERVICE_WORKING_DIR),
						     .host = config_text(config, CONFIG_SERVICE_JID),
						     .alpn = "xmpp-client" };
	g_autoptr(GError) why = NULL;
	struct tls *tls = certificate_tls(&options, warnings, &why);
	log_lines(warnings);
	if (tls)
		return tls;
	bool key = *options.key_file && g_str_has_prefix(why->message, options.key_file);
	g_propagate_prefixed_error(error, g_steal_pointer(&why), "%s: ",
				   config_option_info(key ? CONFIG_SERVICE_CERT_KEY : CONFIG_SERVICE_CERT)->key);
	return NULL;
}
