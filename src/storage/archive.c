/* SPDX-License-Identifier: MIT */
#include "storage/archive.h"

enum {
	DROPPED_AT_ONCE = 256, /* of who has too many bytes */
	DROPS_MAX = 16         /* rounds of that in one transaction */
};

/* --- what is too much ------------------------------------------------------------------------ */

static bool drop(struct database *db, int64_t user, int64_t up_to, GError **error)
{
	return !up_to || database_run(db, SQL_ARCHIVE_DROP, VALUES(VALUE_INT(user), VALUE_INT(up_to)), error);
}

static bool trim_number(struct database *db, int64_t user, GError **error)
{
	int64_t row;

	return database_look_up_or_0(db, SQL_ARCHIVE_NTH_NEWEST,
				     VALUES(VALUE_INT(user), VALUE_INT(ARCHIVE_MESSAGES_MAX)), &row, error) &&
	       drop(db, user, row, error);
}

static bool trim_bytes(struct database *db, int64_t user, GError **error)
{
	for (int i = 0; i < DROPS_MAX; i++) {
		int64_t size, row;
		if (!database_look_up_or_0(db, SQL_ARCHIVE_SIZE, VALUES(VALUE_INT(user)), &size, error))
			return false;
		if (size <= ARCHIVE_BYTES_MAX)
			return true;
		if (!database_look_up_or_0(db, SQL_ARCHIVE_NTH, VALUES(VALUE_INT(user), VALUE_INT(DROPPED_AT_ONCE - 1)),
					   &row, error) ||
		    !drop(db, user, row, error))
			return false;
	}
	return true;
}

bool archive_put(struct database *db, int64_t user, const struct storage_archived *archived, GError **error)
{
	if (!database_run(db, SQL_ARCHIVE_ADD,
			  VALUES(VALUE_INT(archived->id), VALUE_INT(user), VALUE_TEXT(archived->peer),
				 VALUE_TEXT(archived->resource), VALUE_INT(archived->stamp),
				 VALUE_INT((int64_t)strlen(archived->stanza)), VALUE_TEXT(archived->stanza)),
			  error))
		return false;
	return archived->id % ARCHIVE_LOOK_EVERY || (trim_number(db, user, error) && trim_bytes(db, user, error));
}

bool archive_expire(struct database *db, int64_t before, unsigned max, unsigned *dropped, GError **error)
{
	int64_t row;

	if (!database_look_up_or_0(db, SQL_ARCHIVE_EXPIRED, VALUES(VALUE_INT(before), VALUE_INT(max)), &row, error) ||
	    !database_run(db, SQL_ARCHIVE_EXPIRE, VALUES(VALUE_INT(row ? row : before)), error))
		return false;
	*dropped = (unsigned)database_matched(db);
	return true;
}

bool archive_last(struct database *db, int64_t *id, GError **error)
{
	return database_look_up_or_0(db, SQL_ARCHIVE_LAST, NO_VALUES, id, error);
}

/* --- pages ----------------------------------------------------------------------------------- */

struct reading {
	struct arena *arena;
	GArray *found; /* struct storage_archived */
	size_t size;
};

static void read_row(struct query *query, struct reading *reading)
{
	const char *stanza = query_text(query, 4);
	struct storage_archived archived = {
		.id = query_int(query, 0),
		.peer = arena_strdup(reading->arena, query_text(query, 1)),
		.resource = arena_strdup(reading->arena, query_text(query, 2)),
		.stamp = query_int(query, 3),
		.stanza = arena_strdup(reading->arena, stanza),
	};
	reading->size += strlen(stanza);
	g_array_append_val(reading->found, archived);
}

static void turn(struct storage_archived *all, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct storage_archived other = all[i];
		all[i] = all[n - 1 - i];
		all[n - 1 - i] = other;
	}
}

static void put_page(struct reading *reading, bool backwards, struct storage_archive_page *page)
{
	size_t n = reading->found->len, size = n * sizeof(struct storage_archived);
	struct storage_archived *all = NULL;

	if (size)
		all = memcpy(arena_alloc(reading->arena, size), reading->found->data, size);
	if (backwards && all)
		turn(all, n);
	page->count = n;
	page->all = all;
}

/* The id has to be there; 0 is no id. */
static bool check_id(struct database *db, int64_t user, int64_t id, struct reading *reading, GError **error)
{
	struct query query;

	if (!id)
		return true;
	query_start(&query, db, SQL_ARCHIVE_FIND, VALUES(VALUE_INT(user), VALUE_INT(id)));
	bool found = query_row(&query);
	if (found && reading)
		read_row(&query, reading);
	if (!query_end(&query, error))
		return false;
	if (!found)
		g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND,
			    "database %s: nothing with id %" G_GINT64_FORMAT " is in the archive", database_name(db),
			    id);
	return found;
}

static bool find_ids(struct database *db, int64_t user, const struct storage_archive_query *asked,
		     struct reading *reading, struct storage_archive_page *page, GError **error)
{
	size_t i;

	for (i = 0; i < asked->id_count && reading->size <= asked->max_size; i++)
		if (!check_id(db, user, asked->ids[i], reading, error))
			return false;
	put_page(reading, false, page);
	page->complete = i == asked->id_count;
	page->total = (int64_t)asked->id_count;
	return true;
}

/* Parameters of a statement that reads. */
enum { RANGE_VALUES = 9 };

static size_t put_values(struct value *values, int64_t user, const struct storage_archive_query *asked, int64_t after,
			 int64_t before)
{
	const char *resource = asked->resource ? asked->resource : "";
	size_t n = 0;

	values[n++] = VALUE_INT(user);
	if (asked->peer) {
		values[n++] = VALUE_TEXT(asked->peer);
		values[n++] = VALUE_TEXT(resource);
		values[n++] = VALUE_TEXT(resource);
	}
	/* No stamp is greater than its id, so that the index finds where to start. */
	values[n++] = VALUE_INT(MAX(after, asked->start ? asked->start - 1 : 0));
	values[n++] = VALUE_INT(before ? before : INT64_MAX);
	values[n++] = VALUE_INT(asked->start ? asked->start : INT64_MIN);
	values[n++] = VALUE_INT(asked->end ? asked->end : INT64_MAX);
	g_assert(n < RANGE_VALUES);
	return n;
}

static int64_t lesser(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static bool count(struct database *db, int64_t user, const struct storage_archive_query *asked, int64_t *total,
		  GError **error)
{
	struct value values[RANGE_VALUES];
	size_t n = put_values(values, user, asked, asked->after, asked->before);

	return database_look_up_or_0(db, asked->peer ? SQL_ARCHIVE_PEER_COUNT : SQL_ARCHIVE_COUNT, values, n, total,
				     error);
}

static bool read_page(struct database *db, int64_t user, const struct storage_archive_query *asked,
		      struct reading *reading, struct storage_archive_page *page, GError **error)
{
	static const enum sql_id statements[2][2] = { { SQL_ARCHIVE_FORWARDS, SQL_ARCHIVE_BACKWARDS },
						      { SQL_ARCHIVE_PEER_FORWARDS, SQL_ARCHIVE_PEER_BACKWARDS } };
	struct value values[RANGE_VALUES];
	size_t n = put_values(values, user, asked, MAX(asked->after, asked->page_after),
			      lesser(asked->before, asked->page_before));
	struct query query;
	bool more;

	/* One more than a page has tells whether anything follows. */
	values[n++] = VALUE_INT((int64_t)asked->max + 1);
	query_start(&query, db, statements[asked->peer != NULL][asked->last], values, n);
	while ((more = query_row(&query)) && reading->found->len < asked->max && reading->size <= asked->max_size)
		read_row(&query, reading);
	if (!query_end(&query, error))
		return false;
	put_page(reading, asked->last, page);
	page->complete = !more;
	return true;
}

bool archive_find(struct database *db, int64_t user, const struct storage_archive_query *asked, struct arena *arena,
		  struct storage_archive_page *page, GError **error)
{
	const int64_t ids[] = { asked->after, asked->before, asked->page_after, asked->page_before };
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_archived));
	struct reading reading = { .arena = arena, .found = found };

	*page = (struct storage_archive_page){ 0 };
	if (asked->id_count)
		return find_ids(db, user, asked, &reading, page, error);
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
		if (!check_id(db, user, ids[i], NULL, error))
			return false;
	return count(db, user, asked, &page->total, error) && read_page(db, user, asked, &reading, page, error);
}
