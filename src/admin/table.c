/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

#define END          \
	{            \
		NULL \
	}

static const struct admin_argument none[] = { END };
static const struct admin_argument account[] = {
	{ "username", "Jabber ID", "user@domain.tld", "JID", ADMIN_STRING, true, false, 0 },
	{ "legacy_username", "", "", "NAME", ADMIN_STRING, true, true, CONFIG_REGISTRATION_USERNAME_LABEL },
	{ "legacy_password", "", "", "PASSWORD", ADMIN_PASSWORD, true, true, CONFIG_REGISTRATION_PASSWORD_LABEL,
	  ADMIN_WITH_PASSWORD },
	{ "local_username", "", "", "LOCAL_NAME", ADMIN_STRING, true, true, CONFIG_REGISTRATION_LOCAL_USERNAME_LABEL,
	  ADMIN_WITH_LOCAL },
	{ "local_password", "Local password", "", "LOCAL_PASSWORD", ADMIN_PASSWORD, true, false, 0, ADMIN_WITH_LOCAL },
	END
};
static const struct admin_argument command[] = {
	{ "command", "Command", "register", "COMMAND", ADMIN_STRING, true, false, 0 }, END
};
static const struct admin_argument username[] = {
	{ "username", "Username", "user@domain.tld", "JID", ADMIN_STRING, true, false, 0 }, END
};
static const struct admin_argument code[] = { { "code", "Code", "", "CODE", ADMIN_STRING, true, false, 0 },
					      { "state", "State", "", "STATE", ADMIN_STRING, true, false, 0 },
					      END };
static const struct admin_argument room[] = { { "room", "Room", "#room", "ROOM", ADMIN_STRING, true, false, 0 }, END };
static const struct admin_argument room_and_password[] = {
	{ "room", "Room", "#room", "ROOM", ADMIN_STRING, true, false, 0 },
	{ "password", "Password of the room", "", "PASSWORD", ADMIN_PASSWORD, false, false, 0 },
	END
};
static const struct admin_argument search[] = { { "search", "Search for", "", "WORD", ADMIN_STRING, false, false, 0 },
						END };
static const struct admin_argument value[] = { { "value", "Value", "on", "on|off", ADMIN_BOOLEAN, true, false, 0 },
					       END };

/* A command of administrators, a variable of the instance, what users do, a variable of a user. */
#define COMMAND(n, cat, l, d, fn, a)                                                                                 \
	{                                                                                                            \
		.name = (n), .kind = ADMIN_CMD, .category = ADMIN_##cat, .access = ADMIN_ACCESS_ADMIN, .label = (l), \
		.description = (d), .run = (fn), .arguments = (a)                                                    \
	}
#define VARIABLE(n, cat, d, fn)                                                                        \
	{                                                                                              \
		.name = (n), .kind = ADMIN_VAR, .category = ADMIN_##cat, .access = ADMIN_ACCESS_ADMIN, \
		.description = (d), .value = (fn), .arguments = none                                   \
	}
#define USERS(n, c, f, l, d, h, fn, a)                                                                     \
	{                                                                                                  \
		.name = (n), .kind = ADMIN_CMD, .category = ADMIN_USERS, .access = ADMIN_ACCESS_USER,      \
		.context = ADMIN_CONTEXT_##c, .flags = (f), .label = (l), .description = (d), .hint = (h), \
		.run = (fn), .arguments = (a)                                                              \
	}
#define SETTING(n, d, s)                                                                                            \
	{                                                                                                           \
		.name = (n), .kind = ADMIN_VAR, .category = ADMIN_USERS, .access = ADMIN_ACCESS_USER,               \
		.context = ADMIN_CONTEXT_USER, .description = (d), .hint = (d), .run = run_setting, .setting = (s), \
		.arguments = value                                                                                  \
	}

/* By name: help lists them so. */
static const struct admin_row rows[] = {
	COMMAND("args", GENERAL, "Command's arguments", "Shows description of arguments for command", run_args,
		command),
	VARIABLE("average_memory_per_user", MEMORY, "(memory_used_without_any_user - res_memory)",
		 value_average_memory),
	VARIABLE("average_memory_per_user_per_backend", MEMORY,
		 "(memory_used_without_any_user - res_memory) for each backend", value_average_memory_per_backend),
	VARIABLE("backends_count", BACKENDS, "Number of active backends", value_backends_count),
	COMMAND("commands", GENERAL, "Available commands",
		"Shows all the available commands with extended information.", run_commands, none),
	USERS("contacts", GLOBAL, ADMIN_OWN, "Contacts", "Lists one's own contacts",
	      "Lists your contacts on the network", run_contacts, none),
	VARIABLE("crashed_backends", BACKENDS, "Returns IDs of crashed backends", value_crashed_backends),
	VARIABLE("crashed_backends_count", BACKENDS, "Returns number of crashed backends",
		 value_crashed_backends_count),
	SETTING("enable_transport", "Whether the gateway logs you in", CORE_ENABLE_TRANSPORT),
	COMMAND("get_oauth2_url", FRONTEND, "Get OAuth2 URL", "Returns the URL at which a user grants access",
		run_oauth2_url, account),
	COMMAND("has_online_user", USERS, "Has online user", "Returns 1 if user is online", run_has_online_user,
		username),
	COMMAND("help", GENERAL, "Help", "Shows help message", run_help, none),
	USERS("help", GLOBAL, ADMIN_OWN, "Help", "Shows what users can do", "Shows what you can write", run_user_help,
	      none),
	USERS("join", GLOBAL, ADMIN_OWN | ADMIN_REST, "Join a room", "Opens a room in one's own clients",
	      "Opens a room in your client", run_join, room_and_password),
	USERS("leave", GLOBAL, ADMIN_OWN | ADMIN_REST, "Leave a room", "Leaves a room with all one's own clients",
	      "Leaves a room with all your clients", run_leave, room),
	USERS("logout", USER, 0, "Log out", "Logs a user out of the network until the next presence",
	      "Logs you out of the network until your next presence", run_logout, none),
	VARIABLE("messages_from_xmpp", MESSAGES, "Returns number of messages received from frontend network",
		 value_messages_from_xmpp),
	VARIABLE("messages_to_xmpp", MESSAGES, "Returns number of messages sent to Front network",
		 value_messages_to_xmpp),
	COMMAND("online_users", USERS, "Online users", "Returns list of all online users", run_online_users, none),
	VARIABLE("online_users_count", USERS, "Number of online users", value_online_users_count),
	VARIABLE("online_users_per_backend", BACKENDS, "Returns the online users of each backend",
		 value_online_users_per_backend),
	USERS("reconnect", USER, 0, "Reconnect", "Logs a user in again", "Logs you in again", run_reconnect, none),
	USERS("register", GLOBAL, ADMIN_SELF | ADMIN_REST | ADMIN_ACCOUNT, "Register", "Registers the new user",
	      "Registers you, or changes your registration", run_register, account),
	COMMAND("reload", GENERAL, "Reload Spectrum 2 configuration", "Reloads config file", run_reload, none),
	VARIABLE("res_memory", MEMORY, "Total RESident memory Spectrum 2 and its backends use in KB", value_res_memory),
	VARIABLE("res_memory_per_backend", MEMORY, "RESident memory each backend uses in KB",
		 value_res_memory_per_backend),
	USERS("rooms", GLOBAL, ADMIN_OWN | ADMIN_REST, "List rooms", "Lists the rooms of the network",
	      "Lists the rooms of the network, or those with a word", run_rooms, search),
	SETTING("send_headlines", "Whether news of the network come as headlines", CORE_SEND_HEADLINES),
	COMMAND("set_oauth2_code", FRONTEND, "Set OAuth2 code", "Hands over what a user was granted", run_oauth2_code,
		code),
	USERS("settings", USER, ADMIN_SETTINGS, "Transport settings", "Shows the settings of a user",
	      "Shows your settings", run_settings, none),
	VARIABLE("shr_memory", MEMORY, "Total SHaRed memory spectrum2 backends share together in KB", value_shr_memory),
	VARIABLE("shr_memory_per_backend", MEMORY, "SHaRed memory of each backend in KB", value_shr_memory_per_backend),
	VARIABLE("status", GENERAL, "Shows instance status", value_status),
	USERS("status", GLOBAL, ADMIN_OWN, "Status", "Shows how one is registered and logged in",
	      "Shows whether you are registered and logged in", run_user_status, none),
	SETTING("stay_connected", "Whether you stay on the network when you go offline", CORE_STAY_CONNECTED),
	USERS("unregister", USER, ADMIN_CONFIRM | ADMIN_ACCOUNT, "Unregister", "Unregisters existing user",
	      "Removes your registration and all your contacts here", run_unregister, none),
	VARIABLE("uptime", GENERAL, "Returns ptime in seconds", value_uptime),
	VARIABLE("used_memory", MEMORY, "(res_memory - shr_memory)", value_used_memory),
	VARIABLE("used_memory_per_backend", MEMORY, "(res_memory - shr_memory) for each backend",
		 value_used_memory_per_backend),
	COMMAND("variables", GENERAL, "Available variables", "Shows all the available variables.", run_variables, none),
};

const struct admin_row *admin_rows(size_t *n)
{
	*n = G_N_ELEMENTS(rows);
	return rows;
}

/* An administrator's own row comes before the one for everybody. People's phones begin with a capital. */
const struct admin_row *admin_find(struct str name, bool for_admin)
{
	const struct admin_row *found = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct admin_row *row = &rows[i];
		if (strlen(row->name) != name.n || g_ascii_strncasecmp(row->name, name.p, name.n) != 0)
			continue;
		if (row->access == ADMIN_ACCESS_USER && !found)
			found = row;
		else if (row->access == ADMIN_ACCESS_ADMIN && for_admin)
			return row;
	}
	return found;
}

bool row_is_for(const struct admin_row *row, bool by_admin, bool has_address)
{
	return admin_find(str_of(row->name), by_admin) == row && (has_address || !(row->flags & ADMIN_OWN));
}

const char *admin_category_name(enum admin_category category)
{
	static const char *const names[] = {
		[ADMIN_GENERAL] = "General",   [ADMIN_USERS] = "Users",       [ADMIN_MESSAGES] = "Messages",
		[ADMIN_FRONTEND] = "Frontend", [ADMIN_BACKENDS] = "Backends", [ADMIN_MEMORY] = "Memory",
	};
	return names[category];
}

const char *admin_type_name(enum admin_type type)
{
	static const char *const names[] = {
		[ADMIN_STRING] = "string",
		[ADMIN_PASSWORD] = "password",
		[ADMIN_BOOLEAN] = "boolean",
	};
	return names[type];
}
