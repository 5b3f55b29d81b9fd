/* SPDX-License-Identifier: MIT */
#include "storage/document.h"

/* Parameters that say which. */
enum { MATCH_VALUES = 6 };

static size_t put_match(struct value *values, int64_t user, const struct storage_document *wanted)
{
	const struct value match[MATCH_VALUES] = {
		VALUE_INT(user),          VALUE_INT(wanted->kind),
		VALUE_INT(!wanted->node), VALUE_TEXT(wanted->node ? wanted->node : ""),
		VALUE_INT(!wanted->item), VALUE_TEXT(wanted->item ? wanted->item : ""),
	};
	memcpy(values, match, sizeof(match));
	return MATCH_VALUES;
}

/* Rows of node, item, stamp and, with `texts`, value. */
static bool read_all(struct query *query, int kind, bool texts, struct arena *arena, struct storage_answer *answer,
		     GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_document));

	while (query_row(query)) {
		struct storage_document document = {
			.kind = kind,
			.node = arena_strdup(arena, query_text(query, 0)),
			.item = arena_strdup(arena, query_text(query, 1)),
			.stamp = query_int(query, 2),
			.text = texts ? arena_strdup(arena, query_text(query, 3)) : NULL,
		};
		g_array_append_val(found, document);
	}
	if (!query_end(query, error))
		return false;
	size_t size = found->len * sizeof(struct storage_document);
	answer->document_count = found->len;
	answer->documents = size ? memcpy(arena_alloc(arena, size), found->data, size) : NULL;
	return true;
}

bool document_find(struct database *db, int64_t user, const struct storage_document *wanted, unsigned max,
		   struct arena *arena, struct storage_answer *answer, GError **error)
{
	struct value values[MATCH_VALUES + 1];
	size_t n = put_match(values, user, wanted);
	struct query query;

	values[n++] = VALUE_INT(max);
	query_start(&query, db, SQL_DOCUMENTS_FIND, values, n);
	return read_all(&query, wanted->kind, true, arena, answer, error);
}

/* --- putting --------------------------------------------------------------------------------- */

static bool write_row(struct database *db, int64_t user, const struct storage_document *document, int64_t stamp,
		      GError **error)
{
	size_t size = strlen(document->node) + strlen(document->item) + strlen(document->text);
	const struct value values[] = {
		VALUE_INT(stamp),          VALUE_INT((int64_t)size),   VALUE_TEXT(document->text), VALUE_INT(user),
		VALUE_INT(document->kind), VALUE_TEXT(document->node), VALUE_TEXT(document->item),
	};

	return database_run(db, SQL_DOCUMENT_CHANGE, values, G_N_ELEMENTS(values), error) &&
	       (database_matched(db) > 0 || database_run(db, SQL_DOCUMENT_ADD, values, G_N_ELEMENTS(values), error));
}

/* Stamps differ within a node, so that one of them is where to cut. */
static bool trim(struct database *db, int64_t user, const struct storage_document *document, unsigned keep,
		 GError **error)
{
	const struct value kind = VALUE_INT(document->kind), node = VALUE_TEXT(document->node);
	int64_t stamp;

	if (!database_look_up_or_0(db, SQL_DOCUMENTS_NTH_NEWEST,
				   VALUES(VALUE_INT(user), kind, node, VALUE_INT(MAX(keep, 1))), &stamp, error))
		return false;
	return !stamp ||
	       database_run(db, SQL_DOCUMENTS_DROP_OLD, VALUES(VALUE_INT(user), kind, node, VALUE_INT(stamp)), error);
}

static bool check_room(struct database *db, int64_t user, GError **error)
{
	int64_t count, size;

	if (!database_look_up_or_0(db, SQL_DOCUMENTS_COUNT, VALUES(VALUE_INT(user)), &count, error) ||
	    !database_look_up_or_0(db, SQL_DOCUMENTS_SIZE, VALUES(VALUE_INT(user)), &size, error))
		return false;
	if (count <= DOCUMENTS_MAX && size <= DOCUMENTS_BYTES_MAX)
		return true;
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FULL,
		    "database %s: the user with id %" G_GINT64_FORMAT " keeps %d documents or %d bytes already",
		    database_name(db), user, DOCUMENTS_MAX, DOCUMENTS_BYTES_MAX);
	return false;
}

bool document_put(struct database *db, int64_t user, const struct storage_document *document, unsigned keep,
		  GError **error)
{
	int64_t newest;

	/* A clock may have been set back. */
	return database_look_up_or_0(db, SQL_DOCUMENTS_NEWEST,
				     VALUES(VALUE_INT(user), VALUE_INT(document->kind), VALUE_TEXT(document->node)),
				     &newest, error) &&
	       write_row(db, user, document, MAX(document->stamp, newest + 1), error) &&
	       trim(db, user, document, keep, error) && check_room(db, user, error);
}

bool document_drop(struct database *db, int64_t user, const struct storage_document *wanted, struct arena *arena,
		   struct storage_answer *answer, GError **error)
{
	struct value values[MATCH_VALUES];
	size_t n = put_match(values, user, wanted);
	struct query query;

	query_start(&query, db, SQL_DOCUMENTS_NAMES, values, n);
	return read_all(&query, wanted->kind, false, arena, answer, error) &&
	       database_run(db, SQL_DOCUMENTS_DROP, values, n, error);
}
