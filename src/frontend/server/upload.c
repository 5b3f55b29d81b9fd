/* SPDX-License-Identifier: MIT */
#include "frontend/server/upload.h"

#include "base/hash.h"
#include "base/log.h"
#include "frontend/server/upload_files.h"
#include "loop/timer.h"
#include "loop/worker.h"

#include <openssl/rand.h>
#include <string.h>

LOG_AREA("Upload");

enum {
	DAY = 86400,
	LEAST = 4096, /* bytes that a file takes on most disks, however small it is */
	EXPIRE_FIRST_MS = 60000,
	EXPIRE_AGAIN_MS = 3600000
};

struct upload {
	struct config *config;
	struct upload_files *files;
	unsigned char key[UPLOAD_KEY_SIZE];
	char *url; /* what clients put to, without a slash at its end; owned */
	char *web; /* what they get from, likewise */
	char *folder;
	int64_t day;
	GHashTable *used; /* bare JID, owned -> uint64_t, owned: bytes granted today */
	struct worker *worker;
	struct timer *timer;
};

static int64_t now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

int64_t upload_next_day(void)
{
	return (now() / DAY + 1) * DAY;
}

static uint64_t setting(const struct upload *upload, enum config_option option)
{
	return (uint64_t)MAX(config_int(upload->config, option), 0);
}

uint64_t upload_max(const struct upload *upload)
{
	return setting(upload, CONFIG_SERVICE_UPLOAD_MAX);
}

unsigned upload_port(const struct upload *upload)
{
	return upload_files_port(upload->files);
}

/* --- what is old ------------------------------------------------------------------------------ */

struct expiry {
	char *folder;
	int64_t before;
	unsigned removed;
};

static void remove_old(void *ctx, void **jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct expiry *expiry = jobs[i];
		expiry->removed = upload_files_expire(expiry->folder, expiry->before, UPLOAD_EXPIRED_AT_ONCE);
	}
}

static void removed_old(void *ctx, void *job)
{
	struct expiry *expiry = job;
	if (expiry->removed)
		log_info("%u old files were removed from %s", expiry->removed, expiry->folder);
	g_free(expiry->folder);
	g_free(expiry);
}

static void expire(void *ctx)
{
	struct upload *upload = ctx;
	int64_t days = (int64_t)setting(upload, CONFIG_SERVICE_UPLOAD_DAYS);
	struct expiry *expiry = g_new0(struct expiry, 1);
	expiry->folder = g_strdup(upload->folder);
	expiry->before = days ? now() - days * DAY : 0;
	worker_post(upload->worker, expiry);
}

/* --- life ------------------------------------------------------------------------------------- */

static bool check_folder(const struct config *config, GError **error)
{
	const char *folder = config_text(config, CONFIG_SERVICE_WEB_DIRECTORY);
	if (*folder && g_file_test(folder, G_FILE_TEST_IS_DIR))
		return true;
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
		    "%s: service.upload_port: it takes a folder as service.web_directory, '%s' is none",
		    config_path(config), folder);
	return false;
}

static bool open_files(struct upload *upload, GError **error)
{
	const struct config *config = upload->config;
	struct upload_files_options options = {
		.folder = config_text(config, CONFIG_SERVICE_WEB_DIRECTORY),
		.address = config_text(config, CONFIG_SERVICE_UPLOAD_ADDRESS),
		.port = (unsigned)config_int(config, CONFIG_SERVICE_UPLOAD_PORT),
		.key = upload->key,
		.serves = !*config_text(config, CONFIG_SERVICE_WEB_URL),
	};
	if (RAND_bytes(upload->key, UPLOAD_KEY_SIZE) != 1) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, "no random key for uploads can be had");
		return false;
	}
	upload->files = upload_files_open(&options, error);
	return upload->files;
}

static char *without_slash(const char *url)
{
	size_t n = strlen(url);
	while (n && url[n - 1] == '/')
		n--;
	return g_strndup(url, n);
}

static char *address_of(const struct upload *upload)
{
	const char *given = config_text(upload->config, CONFIG_SERVICE_UPLOAD_URL);
	const char *address = config_text(upload->config, CONFIG_SERVICE_UPLOAD_ADDRESS);
	bool v6 = strchr(address, ':');
	return *given ? without_slash(given)
		      : g_strdup_printf("http://%s%s%s:%u", v6 ? "[" : "", address, v6 ? "]" : "", upload_port(upload));
}

struct upload *upload_open(struct loop *loop, const struct config *config, GError **error)
{
	static const struct worker_events events = { .batch = remove_old, .done = removed_old };
	if (config_int(config, CONFIG_SERVICE_UPLOAD_PORT) <= 0 || !check_folder(config, error))
		return NULL;
	struct upload *upload = g_new0(struct upload, 1);
	upload->config = config_ref(config);
	if (!open_files(upload, error)) {
		upload_close(&upload);
		return NULL;
	}
	upload->folder = g_strdup(config_text(config, CONFIG_SERVICE_WEB_DIRECTORY));
	upload->url = address_of(upload);
	upload->web = without_slash(config_text(config, CONFIG_SERVICE_WEB_URL));
	upload->used = g_hash_table_new_full(hash_text, g_str_equal, g_free, g_free);
	upload->worker = worker_new(loop, &events, upload);
	upload->timer = timer_new(loop, expire, upload);
	timer_start(upload->timer, EXPIRE_FIRST_MS, EXPIRE_AGAIN_MS);
	log_info("files are uploaded to %s, into %s", upload->url, upload->folder);
	return upload;
}

void upload_close(struct upload **upload)
{
	struct upload *gone = g_steal_pointer(upload);
	if (!gone)
		return;
	upload_files_close(&gone->files);
	timer_free(&gone->timer);
	if (gone->worker)
		worker_free(&gone->worker);
	g_clear_pointer(&gone->used, g_hash_table_destroy);
	config_unref(&gone->config);
	g_free(gone->folder);
	g_free(gone->url);
	g_free(gone->web);
	g_free(gone);
}

/* Files under way, and addresses that were given out, are of the folder of the start. */
static void warn_of_another_folder(const struct config *before, const struct config *after)
{
	static const enum config_option kept[] = { CONFIG_SERVICE_WEB_DIRECTORY, CONFIG_SERVICE_WEB_URL };
	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		if (strcmp(config_text(before, kept[i]), config_text(after, kept[i])) != 0)
			log_warn("%s: counts for uploads after a restart only", config_option_info(kept[i])->key);
}

void upload_set_config(struct upload *upload, const struct config *config)
{
	struct config *old;
	if (!upload)
		return;
	warn_of_another_folder(upload->config, config);
	old = upload->config;
	upload->config = config_ref(config);
	config_unref(&old);
}

/* --- slots ------------------------------------------------------------------------------------ */

/* False: too much for one day. */
static bool use(struct upload *upload, const char *user, uint64_t size)
{
	uint64_t most = setting(upload, CONFIG_SERVICE_UPLOAD_QUOTA), *used;
	if (now() / DAY != upload->day) {
		g_hash_table_remove_all(upload->used);
		upload->day = now() / DAY;
	}
	size = MAX(size, LEAST);
	used = g_hash_table_lookup(upload->used, user);
	if (size > most || (used && *used > most - size) ||
	    (!used && g_hash_table_size(upload->used) >= UPLOAD_USERS_MAX))
		return false;
	if (!used) {
		used = g_new0(uint64_t, 1);
		g_hash_table_insert(upload->used, g_strdup(user), used);
	}
	*used += size;
	return true;
}

static bool makes_sense(const struct upload_request *request)
{
	if (!*request->name || !request->size)
		return false;
	for (const char *at = request->type; at && *at; at++)
		if (!g_ascii_isprint(*at) || at - request->type >= UPLOAD_TYPE_MAX)
			return false;
	return true;
}

static char *random_name(void)
{
	unsigned char bytes[UPLOAD_RANDOM_SIZE / 2];
	GString *text = g_string_new(NULL);
	int done = RAND_bytes(bytes, sizeof(bytes));
	g_assert(done == 1);
	for (size_t i = 0; i < sizeof(bytes); i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

enum upload_verdict upload_ask(struct upload *upload, const struct upload_request *request, struct upload_slot *slot)
{
	if (!makes_sense(request))
		return UPLOAD_SENSELESS;
	if (request->size > upload_max(upload))
		return UPLOAD_TOO_LARGE;
	if (!use(upload, request->user, request->size))
		return UPLOAD_TOO_MUCH;
	g_autofree char *random = random_name(), *name = upload_clean_name(request->name);
	g_autofree char *path = upload_path(random, name);
	struct upload_ticket ticket = { path, request->type, request->size, now() + UPLOAD_SLOT_SECONDS };
	g_autofree char *seal = upload_ticket_write(upload->key, &ticket);
	slot->put = g_strconcat(upload->url, path, "?v=", seal, NULL);
	slot->get = g_strconcat(*upload->web ? upload->web : upload->url, path, NULL);
	return UPLOAD_GRANTED;
}
