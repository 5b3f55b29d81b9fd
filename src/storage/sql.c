/* SPDX-License-Identifier: MIT */
#include "storage/sql.h"

#include <glib.h>
#include <string.h>

/* What the reads of the archive have in common. */
#define ARCHIVE_ROWS    "SELECT id, peer, resource, stamp, stanza"
#define ARCHIVE_OF_USER " FROM {users_archive} WHERE user_id = ?"
#define ARCHIVE_OF_PEER " FROM {users_archive} WHERE user_id = ? AND peer = ? AND (? = '' OR resource = ?)"
#define ARCHIVE_RANGE   " AND id > ? AND id < ? AND stamp >= ? AND stamp <= ?"

/* Parameters: user, kind, whether the node makes no difference, the node, the same of the item. */
#define DOCUMENTS_MATCHING \
	" FROM {users_documents} WHERE user_id = ? AND kind = ? AND (? = 1 OR node = ?) AND (? = 1 OR item = ?)"
#define DOCUMENTS_OF_NODE " FROM {users_documents} WHERE user_id = ? AND kind = ? AND node = ?"

/* clang-format off */
static const char *const texts[SQL_COUNT][SQL_DIALECTS] = {
	[SQL_SAVEPOINT] = { "SAVEPOINT job" },
	[SQL_SAVEPOINT_RELEASE] = { "RELEASE SAVEPOINT job" },
	[SQL_SAVEPOINT_ROLLBACK] = { "ROLLBACK TO SAVEPOINT job" },

	[SQL_USER_FIND] = { "SELECT id, jid, uin, password, language, encoding, vip, online FROM {users} WHERE jid = ?" },
	[SQL_USER_ID] = { "SELECT id FROM {users} WHERE jid = ?" },
	[SQL_USER_EXISTS] = { "SELECT 1 FROM {users} WHERE id = ?" },
	[SQL_USER_ADD] = { "INSERT INTO {users} (jid, uin, password, language, encoding, last_login)"
		" VALUES (?, ?, ?, ?, ?, CURRENT_TIMESTAMP)" },
	[SQL_USER_CHANGE] = { "UPDATE {users} SET uin = ?, password = ?, language = ?, encoding = ? WHERE id = ?" },
	[SQL_USER_SEAL] = { "UPDATE {users} SET password = ? WHERE id = ? AND password = ?" },
	[SQL_USER_REMOVE] = { "DELETE FROM {users} WHERE id = ?" },
	[SQL_USER_REMOVE_SETTINGS] = { "DELETE FROM {users_settings} WHERE user_id = ?" },
	[SQL_USER_REMOVE_CONTACTS] = { "DELETE FROM {buddies} WHERE user_id = ?" },
	[SQL_USER_REMOVE_CONTACT_SETTINGS] = { "DELETE FROM {buddies_settings} WHERE user_id = ?" },
	[SQL_USER_REMOVE_MESSAGES] = { "DELETE FROM {users_messages} WHERE user_id = ?" },
	[SQL_USER_REMOVE_ROOMS] = { "DELETE FROM {users_rooms} WHERE user_id = ?" },
	[SQL_USER_REMOVE_ARCHIVE] = { "DELETE FROM {users_archive} WHERE user_id = ?" },
	[SQL_USER_REMOVE_DOCUMENTS] = { "DELETE FROM {users_documents} WHERE user_id = ?" },
	[SQL_USER_ONLINE] = { "UPDATE {users} SET online = ?, last_login = CURRENT_TIMESTAMP WHERE id = ?" },
	[SQL_USER_OFFLINE] = { "UPDATE {users} SET online = ? WHERE id = ?" },
	[SQL_USERS_ALL] = { "SELECT jid FROM {users} ORDER BY id" },
	[SQL_USERS_ONLINE] = { "SELECT jid FROM {users} WHERE online = ? ORDER BY id" },
	[SQL_USERS_RETURNING] = { "SELECT u.jid, s.value FROM {users} u LEFT JOIN {users_settings} s"
		" ON s.user_id = u.id AND s.var = 'stay_connected' WHERE u.online = ? ORDER BY u.id" },
	/* Of those who were not online only the JID counts. */
	[SQL_USERS_RETURNING_ALL] = { "SELECT u.jid, s.value, u.online FROM {users} u LEFT JOIN {users_settings} s"
		" ON s.user_id = u.id AND s.var = 'stay_connected' ORDER BY u.id" },
	[SQL_UIN_USED] = { "SELECT 1 FROM {users} WHERE uin = ? AND jid <> ? LIMIT 1" },

	[SQL_CONTACTS_OF_USER] = { "SELECT id, uin, subscription, nickname, [groups], flags FROM {buddies}"
		" WHERE user_id = ?" },
	[SQL_CONTACT_ICONS_OF_USER] = { "SELECT buddy_id, value FROM {buddies_settings}"
		" WHERE user_id = ? AND var = 'icon_hash'" },
	[SQL_CONTACT_FIND] = { "SELECT b.id, b.subscription, b.nickname, b.[groups], b.flags, s.value FROM {buddies} b"
		" LEFT JOIN {buddies_settings} s ON s.buddy_id = b.id AND s.var = 'icon_hash'"
		" WHERE b.user_id = ? AND b.uin = ?" },
	[SQL_CONTACT_ADD] = { "INSERT INTO {buddies} (user_id, uin, subscription, nickname, [groups], flags)"
		" VALUES (?, ?, ?, ?, ?, ?)" },
	[SQL_CONTACT_CHANGE] = { "UPDATE {buddies} SET subscription = ?, nickname = ?, [groups] = ?, flags = ?"
		" WHERE id = ?" },
	[SQL_CONTACT_REMOVE] = { "DELETE FROM {buddies} WHERE id = ?" },
	[SQL_CONTACT_REMOVE_SETTINGS] = { "DELETE FROM {buddies_settings} WHERE buddy_id = ?" },
	[SQL_CONTACT_ICON_ADD] = { "INSERT INTO {buddies_settings} (user_id, buddy_id, var, type, value)"
		" VALUES (?, ?, 'icon_hash', 13, ?)" },
	[SQL_CONTACT_ICON_CHANGE] = { "UPDATE {buddies_settings} SET value = ?"
		" WHERE buddy_id = ? AND var = 'icon_hash'" },

	[SQL_SETTINGS_OF_USER] = { "SELECT var, type, value FROM {users_settings} WHERE user_id = ? ORDER BY var" },
	[SQL_SETTING_ADD] = { "INSERT INTO {users_settings} (user_id, var, type, value) VALUES (?, ?, ?, ?)" },
	[SQL_SETTING_CHANGE] = { "UPDATE {users_settings} SET type = ?, value = ? WHERE user_id = ? AND var = ?" },

	[SQL_MESSAGE_ADD] = { "INSERT INTO {users_messages} (user_id, room, sender, private, message_id, body, xhtml,"
		" attachments, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" },
	[SQL_MESSAGES_LIST] = { "SELECT id, sender, private, message_id, body, xhtml, attachments, stamp"
		" FROM {users_messages} WHERE user_id = ? AND room = ? ORDER BY id LIMIT ?" },
	[SQL_MESSAGES_ANY] = { "SELECT 1 FROM {users_messages} WHERE user_id = ? LIMIT 1" },
	[SQL_MESSAGES_DROP] = { "DELETE FROM {users_messages} WHERE user_id = ? AND room = ? AND id <= ?" },
	[SQL_MESSAGES_DROP_OF_ROOMS] = { "DELETE FROM {users_messages} WHERE user_id = ? AND room <> '' AND id <= ?" },
	/* The newest that is one too many: parameters user, room and how many may be. */
	[SQL_MESSAGES_OVERFLOW] = { "SELECT id FROM {users_messages} WHERE user_id = ? AND room = ?"
		" ORDER BY id DESC LIMIT 1 OFFSET ?" },
	[SQL_MESSAGES_ROOMS_OVERFLOW] = { "SELECT id FROM {users_messages} WHERE user_id = ? AND room <> ''"
		" ORDER BY id DESC LIMIT 1 OFFSET ?" },

	[SQL_ROOMS_OF_USER] = { "SELECT room, nick, resources FROM {users_rooms} WHERE user_id = ? ORDER BY room" },
	[SQL_ROOM_ADD] = { "INSERT INTO {users_rooms} (user_id, room, nick, resources) VALUES (?, ?, ?, ?)" },
	[SQL_ROOM_CHANGE] = { "UPDATE {users_rooms} SET nick = ?, resources = ? WHERE user_id = ? AND room = ?" },
	[SQL_ROOM_REMOVE] = { "DELETE FROM {users_rooms} WHERE user_id = ? AND room = ?" },

	[SQL_ARCHIVE_ADD] = { "INSERT INTO {users_archive} (id, user_id, peer, resource, stamp, size, stanza)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)" },
	[SQL_ARCHIVE_FIND] = { "SELECT id, peer, resource, stamp, stanza FROM {users_archive} WHERE user_id = ? AND id = ?" },
	/* Parameters: user, (peer, resource twice,) ids that are less and greater, stamps from and to, how many. */
	[SQL_ARCHIVE_FORWARDS] = { ARCHIVE_ROWS ARCHIVE_OF_USER ARCHIVE_RANGE " ORDER BY id LIMIT ?" },
	[SQL_ARCHIVE_BACKWARDS] = { ARCHIVE_ROWS ARCHIVE_OF_USER ARCHIVE_RANGE " ORDER BY id DESC LIMIT ?" },
	[SQL_ARCHIVE_PEER_FORWARDS] = { ARCHIVE_ROWS ARCHIVE_OF_PEER ARCHIVE_RANGE " ORDER BY id LIMIT ?" },
	[SQL_ARCHIVE_PEER_BACKWARDS] = { ARCHIVE_ROWS ARCHIVE_OF_PEER ARCHIVE_RANGE " ORDER BY id DESC LIMIT ?" },
	[SQL_ARCHIVE_COUNT] = { "SELECT COUNT(*)" ARCHIVE_OF_USER ARCHIVE_RANGE },
	[SQL_ARCHIVE_PEER_COUNT] = { "SELECT COUNT(*)" ARCHIVE_OF_PEER ARCHIVE_RANGE },
	[SQL_ARCHIVE_LAST] = { "SELECT MAX(id) FROM {users_archive}" },
	[SQL_ARCHIVE_SIZE] = { "SELECT SUM(size) FROM {users_archive} WHERE user_id = ?" },
	[SQL_ARCHIVE_NTH] = { "SELECT id FROM {users_archive} WHERE user_id = ? ORDER BY id LIMIT 1 OFFSET ?" },
	[SQL_ARCHIVE_NTH_NEWEST] = { "SELECT id FROM {users_archive} WHERE user_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?" },
	[SQL_ARCHIVE_DROP] = { "DELETE FROM {users_archive} WHERE user_id = ? AND id <= ?" },
	[SQL_ARCHIVE_EXPIRED] = { "SELECT id FROM {users_archive} WHERE id < ? ORDER BY id LIMIT 1 OFFSET ?" },
	[SQL_ARCHIVE_EXPIRE] = { "DELETE FROM {users_archive} WHERE id < ?" },

	[SQL_DOCUMENTS_FIND] = { "SELECT node, item, stamp, value" DOCUMENTS_MATCHING
		" ORDER BY stamp DESC, node, item LIMIT ?" },
	[SQL_DOCUMENTS_NAMES] = { "SELECT node, item, stamp" DOCUMENTS_MATCHING " ORDER BY stamp DESC, node, item" },
	[SQL_DOCUMENTS_DROP] = { "DELETE" DOCUMENTS_MATCHING },
	[SQL_DOCUMENT_ADD] = { "INSERT INTO {users_documents} (stamp, size, value, user_id, kind, node, item)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)" },
	[SQL_DOCUMENT_CHANGE] = { "UPDATE {users_documents} SET stamp = ?, size = ?, value = ?"
		" WHERE user_id = ? AND kind = ? AND node = ? AND item = ?" },
	[SQL_DOCUMENTS_NEWEST] = { "SELECT MAX(stamp)" DOCUMENTS_OF_NODE },
	[SQL_DOCUMENTS_NTH_NEWEST] = { "SELECT stamp" DOCUMENTS_OF_NODE " ORDER BY stamp DESC LIMIT 1 OFFSET ?" },
	[SQL_DOCUMENTS_DROP_OLD] = { "DELETE" DOCUMENTS_OF_NODE " AND stamp <= ?" },
	[SQL_DOCUMENTS_COUNT] = { "SELECT COUNT(*) FROM {users_documents} WHERE user_id = ?" },
	[SQL_DOCUMENTS_SIZE] = { "SELECT SUM(size) FROM {users_documents} WHERE user_id = ?" },

	[SQL_TABLE_EXISTS] = { [SQL_SQLITE] = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?" },
	/* Parameters: table, is it unique, its columns joined by commas. By columns and not by name, because
	 * the names of the original have no prefix: of two prefixes in a file only one got its indexes. */
	[SQL_INDEX_EXISTS] = { [SQL_SQLITE] = "SELECT 1 FROM pragma_index_list(?) AS list WHERE list.\"unique\" >= ?"
		" AND ? = (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(list.name)"
		" ORDER BY seqno))" },
	[SQL_VERSION_READ] = { "SELECT MAX(ver) FROM {db_version}" },
	[SQL_VERSION_CLEAR] = { "DELETE FROM {db_version}" },
	[SQL_VERSION_WRITE] = { "INSERT INTO {db_version} (ver) VALUES (?)" },
	[SQL_CREATE_USERS] = { [SQL_SQLITE] = "CREATE TABLE IF NOT EXISTS {users} ("
		"id integer PRIMARY KEY NOT NULL,"
		" jid varchar(255) NOT NULL,"
		" uin varchar(4095) NOT NULL,"
		" password varchar(255) NOT NULL,"
		" language varchar(25) NOT NULL,"
		" encoding varchar(50) NOT NULL DEFAULT 'utf8',"
		" last_login datetime,"
		" vip int(1) NOT NULL DEFAULT 0,"
		" online int(1) NOT NULL DEFAULT 0)" },
	[SQL_CREATE_CONTACTS] = { [SQL_SQLITE] = "CREATE TABLE IF NOT EXISTS {buddies} ("
		"id integer PRIMARY KEY NOT NULL,"
		" user_id int NOT NULL,"
		" uin varchar(255) NOT NULL,"
		" subscription varchar(20) NOT NULL,"
		" nickname varchar(255) NOT NULL,"
		" [groups] varchar(255) NOT NULL,"
		" flags int(4) NOT NULL DEFAULT 0)" },
	[SQL_CREATE_CONTACT_SETTINGS] = { [SQL_SQLITE] = "CREATE TABLE IF NOT EXISTS {buddies_settings} ("
		"user_id int NOT NULL,"
		" buddy_id int NOT NULL,"
		" var varchar(50) NOT NULL,"
		" type int(4) NOT NULL,"
		" value varchar(255) NOT NULL,"
		" PRIMARY KEY (buddy_id, var))" },
	[SQL_CREATE_USER_SETTINGS] = { [SQL_SQLITE] = "CREATE TABLE IF NOT EXISTS {users_settings} ("
		"user_id int NOT NULL,"
		" var varchar(50) NOT NULL,"
		" type int(4) NOT NULL,"
		" value varchar(4095) NOT NULL,"
		" PRIMARY KEY (user_id, var))" },
	[SQL_CREATE_VERSION] = { [SQL_SQLITE] = "CREATE TABLE IF NOT EXISTS {db_version} ("
		"ver integer NOT NULL DEFAULT 3)" },
	[SQL_CREATE_MESSAGES] = { [SQL_SQLITE] = "CREATE TABLE {users_messages} ("
		"id integer PRIMARY KEY NOT NULL,"
		" user_id int NOT NULL,"
		" room varchar(1023) NOT NULL,"
		" sender varchar(4095) NOT NULL,"
		" private int(1) NOT NULL DEFAULT 0,"
		" message_id varchar(255) NOT NULL,"
		" body text NOT NULL,"
		" xhtml text NOT NULL,"
		" attachments text NOT NULL,"
		" stamp bigint NOT NULL)" },
	[SQL_CREATE_ROOMS] = { [SQL_SQLITE] = "CREATE TABLE {users_rooms} ("
		"user_id int NOT NULL,"
		" room varchar(1023) NOT NULL,"
		" nick varchar(1023) NOT NULL,"
		" resources text NOT NULL,"
		" PRIMARY KEY (user_id, room))" },
	[SQL_CREATE_ARCHIVE] = { [SQL_SQLITE] = "CREATE TABLE {users_archive} ("
		"id integer PRIMARY KEY NOT NULL,"
		" user_id int NOT NULL,"
		" peer varchar(2047) NOT NULL,"
		" resource varchar(1023) NOT NULL,"
		" stamp bigint NOT NULL,"
		" size int NOT NULL,"
		" stanza text NOT NULL)" },
	/* The size before the text, so that the sum of it reads no texts. */
	[SQL_CREATE_DOCUMENTS] = { [SQL_SQLITE] = "CREATE TABLE {users_documents} ("
		"user_id int NOT NULL,"
		" kind int NOT NULL,"
		" node varchar(1000) NOT NULL,"
		" item varchar(1000) NOT NULL,"
		" stamp bigint NOT NULL,"
		" size int NOT NULL,"
		" value text NOT NULL,"
		" PRIMARY KEY (user_id, kind, node, item))" },
	/* The original kept them among the settings. They stay there for it. */
	[SQL_COPY_BOOKMARKS] = { "INSERT INTO {users_documents} (user_id, kind, node, item, stamp, size, value)"
		" SELECT user_id, 0, 'storage:bookmarks', 'storage', 1, LENGTH(value), value FROM {users_settings}"
		" WHERE var = 'storage' AND value <> ''" },
	[SQL_INDEX_USER_JID] = { "CREATE UNIQUE INDEX {users_jid} ON {users} (jid)" },
	[SQL_INDEX_USER_UIN] = { "CREATE INDEX {users_uin} ON {users} (uin)" },
	[SQL_INDEX_CONTACT_NAME] = { "CREATE UNIQUE INDEX {buddies_user_id_uin} ON {buddies} (user_id, uin)" },
	[SQL_INDEX_CONTACT_SETTING_USER] = { "CREATE INDEX {buddies_settings_user_id} ON {buddies_settings} (user_id)" },
	[SQL_INDEX_USER_SETTING_USER] = { "CREATE INDEX {users_settings_user_id} ON {users_settings} (user_id)" },
	[SQL_INDEX_MESSAGE_PLACE] = { "CREATE INDEX {users_messages_place} ON {users_messages} (user_id, room)" },
	/* With the size, so that the sum of it reads no stanzas. */
	[SQL_INDEX_ARCHIVE_USER] = { "CREATE INDEX {users_archive_user} ON {users_archive} (user_id, id, size)" },
	[SQL_INDEX_ARCHIVE_PEER] = { "CREATE INDEX {users_archive_peer} ON {users_archive} (user_id, peer, id)" },
	[SQL_DROP_LOST_CONTACTS] = { "DELETE FROM {buddies} WHERE user_id NOT IN (SELECT id FROM {users})" },
	[SQL_DROP_LOST_CONTACT_SETTINGS] = { "DELETE FROM {buddies_settings}"
		" WHERE buddy_id NOT IN (SELECT id FROM {buddies})" },
	[SQL_DROP_LOST_USER_SETTINGS] = { "DELETE FROM {users_settings}"
		" WHERE user_id NOT IN (SELECT id FROM {users})" },
	[SQL_DROP_DOUBLE_CONTACTS] = { "DELETE FROM {buddies} WHERE id NOT IN"
		" (SELECT keep FROM (SELECT MAX(id) AS keep FROM {buddies} GROUP BY user_id, uin) AS newest)" },
};
/* clang-format on */

static void append_quoted(GString *out, const char *name, size_t n, char quote)
{
	for (size_t i = 0; i < n; i++) {
		if (name[i] == quote)
			g_string_append_c(out, quote);
		g_string_append_c(out, name[i]);
	}
}

static const char *append_name(GString *out, const char *at, const char *prefix, char quote)
{
	const char *end = strchr(at, *at == '{' ? '}' : ']');

	g_assert(end);
	g_string_append_c(out, quote);
	if (*at == '{')
		append_quoted(out, prefix, strlen(prefix), quote);
	append_quoted(out, at + 1, (size_t)(end - at - 1), quote);
	g_string_append_c(out, quote);
	return end + 1;
}

char *sql_expand(enum sql_id id, enum sql_dialect dialect, const char *prefix, char quote)
{
	const char *at = texts[id][dialect] ? texts[id][dialect] : texts[id][SQL_ANY];
	GString *out = g_string_new(NULL);

	g_assert(at);
	while (*at) {
		size_t n = strcspn(at, "{[");
		g_string_append_len(out, at, (gssize)n);
		at += n;
		if (*at)
			at = append_name(out, at, prefix, quote);
	}
	return g_string_free(out, FALSE);
}
