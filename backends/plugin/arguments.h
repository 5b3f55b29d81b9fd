/* SPDX-License-Identifier: MIT */
#ifndef PLUGIN_ARGUMENTS_H
#define PLUGIN_ARGUMENTS_H

#include "config/config.h"

/* The command line main starts a backend with:
 *
 *     BACKEND --host H --port P --service.backend_id=N -j JID [--section.key=value...] /path/to/config
 *
 * The values of the named options may follow after '=' or as the next word. The last word that is no
 * option is the configuration file. What is not known is ignored. */
struct plugin_arguments {
	char *host;
	unsigned port;
	char *backend_id;      /* "" if not given */
	char *jid;             /* of the instance, from -j or the file */
	bool help, version;    /* asked for; then nothing else is set */
	struct config *config; /* owned; the file under the overrides of the command line */
};

enum plugin_arguments_error { PLUGIN_ARGUMENTS_ERROR_USAGE };
#define PLUGIN_ARGUMENTS_ERROR (plugin_arguments_error_quark())
GQuark plugin_arguments_error_quark(void);

/* Parses and loads the configuration. NULL with an error that names the argument or file. */
struct plugin_arguments *plugin_arguments_parse(int argc, char *const *argv, GError **error);
void plugin_arguments_free(struct plugin_arguments **arguments);

#endif
