/* SPDX-License-Identifier: MIT */
#include "frontend/picture_store.h"

#include "base/log.h"
#include "loop/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

LOG_AREA("VCardResponder");

enum { QUEUE_MAX = 256, TOUCH_S = 3600 };

struct picture_store {
	struct loop *loop;
	struct worker *worker; /* NULL until the first picture */
	char *folder;
	bool closing;

	/* Of the worker's thread, and of nobody else while it runs. */
	bool counted;
	uint64_t bytes;
	unsigned files;
	bool complained;
};

struct job {
	char id[PICTURE_ID + 1];
	bool put;
	size_t max;
	struct picture_reply reply; /* of a get */
	char *bytes;                /* owned; of a get NULL if there is none */
	size_t n;
};

bool picture_is_id(const char *id)
{
	return id && strspn(id, "0123456789abcdef") == PICTURE_ID && !id[PICTURE_ID];
}

/* --- on the worker's thread ------------------------------------------------------------------ */

struct file {
	char *path;
	gint64 used;
	uint64_t bytes;
};

static void free_file(void *arg)
{
	struct file *file = arg;
	g_free(file->path);
	g_free(file);
}

static int by_use(const void *a, const void *b)
{
	const struct file *one = *(const struct file *const *)a, *other = *(const struct file *const *)b;
	return one->used < other->used ? -1 : one->used > other->used;
}

/* Whatever lies there, pieces of writes that broke off too. */
static GPtrArray *list(const struct picture_store *store)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(free_file);
	g_autoptr(GDir) folder = g_dir_open(store->folder, 0, NULL);
	const char *name;
	while (folder && (name = g_dir_read_name(folder))) {
		char *path = g_build_filename(store->folder, name, NULL);
		struct stat status;
		if (lstat(path, &status) || !S_ISREG(status.st_mode)) {
			g_free(path);
			continue;
		}
		struct file *file = g_new(struct file, 1);
		*file = (struct file){ path, status.st_mtime, (uint64_t)status.st_size };
		g_ptr_array_add(files, file);
	}
	return files;
}

static void count(struct picture_store *store, GPtrArray *files)
{
	store->counted = true;
	store->files = files->len;
	store->bytes = 0;
	for (guint i = 0; i < files->len; i++)
		store->bytes += ((const struct file *)files->pdata[i])->bytes;
}

static bool is_over(const struct picture_store *store, unsigned share)
{
	return store->bytes > (uint64_t)PICTURE_STORE_BYTES / 4 * share ||
	       store->files > (unsigned)PICTURE_STORE_FILES / 4 * share;
}

/* Down to three quarters, so that it is not at the next picture again. */
static void sweep(struct picture_store *store)
{
	if (store->counted && !is_over(store, 4))
		return;
	g_autoptr(GPtrArray) files = list(store);
	count(store, files);
	if (!is_over(store, 4))
		return;
	g_ptr_array_sort(files, by_use);
	for (guint i = 0; i < files->len && is_over(store, 3); i++) {
		const struct file *file = files->pdata[i];
		unlink(file->path);
		store->bytes -= file->bytes;
		store->files--;
	}
}

static void complain(struct picture_store *store, const char *what)
{
	if (!store->complained)
		log_warn("pictures cannot be kept: %s", what);
	store->complained = true;
}

static void write_picture(struct picture_store *store, const struct job *job, const char *path)
{
	g_autoptr(GError) error = NULL;
	sweep(store);
	if (g_access(path, F_OK) == 0)
		return;
	if (g_mkdir_with_parents(store->folder, 0750) != 0) {
		complain(store, g_strerror(errno));
	} else if (!g_file_set_contents_full(path, job->bytes, (gssize)job->n, G_FILE_SET_CONTENTS_CONSISTENT, 0640,
					     &error)) {
		complain(store, error->message);
	} else {
		store->bytes += job->n;
		store->files++;
	}
}

/* False: it is not there, or larger than what may be there. */
static bool load(struct job *job, const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
		    (uint64_t)status.st_size <= job->max;
	if (good) {
		job->n = (size_t)status.st_size;
		job->bytes = g_malloc(job->n);
		good = read(fd, job->bytes, job->n) == (ssize_t)job->n;
	}
	if (good && g_get_real_time() / G_USEC_PER_SEC - status.st_mtime > TOUCH_S)
		futimens(fd, NULL);
	close(fd);
	return good;
}

static void read_picture(struct job *job, const char *path)
{
	bool good = load(job, path);
	g_autofree char *id =
		good ? g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)job->bytes, job->n) : NULL;
	if (!g_strcmp0(id, job->id))
		return;
	if (good)
		unlink(path);
	g_clear_pointer(&job->bytes, g_free);
	job->n = 0;
}

static void run(void *ctx, void **jobs, size_t n)
{
	struct picture_store *store = ctx;
	for (size_t i = 0; i < n; i++) {
		struct job *job = jobs[i];
		g_autofree char *path = g_build_filename(store->folder, job->id, NULL);
		if (job->put)
			write_picture(store, job, path);
		else
			read_picture(job, path);
	}
}

/* --- on the loop ----------------------------------------------------------------------------- */

static void finish(void *ctx, void *arg)
{
	struct picture_store *store = ctx;
	struct job *job = arg;
	if (!job->put && !store->closing)
		job->reply.done(job->reply.ctx, job->reply.id, job->bytes, job->n);
	g_free(job->bytes);
	g_free(job);
}

struct picture_store *picture_store_new(struct loop *loop, const char *folder)
{
	struct picture_store *store = g_new0(struct picture_store, 1);
	store->loop = loop;
	store->folder = g_strdup(folder);
	return store;
}

void picture_store_free(struct picture_store **storep)
{
	struct picture_store *store = *storep;
	if (!store)
		return;
	*storep = NULL;
	store->closing = true;
	if (store->worker)
		worker_free(&store->worker);
	g_free(store->folder);
	g_free(store);
}

static bool post(struct picture_store *store, const char *id, struct job values)
{
	static const struct worker_events events = { .batch = run, .done = finish };
	if (!store->worker)
		store->worker = worker_new(store->loop, &events, store);
	if (worker_queued(store->worker) >= QUEUE_MAX) {
		g_free(values.bytes);
		return false;
	}
	struct job *job = g_new(struct job, 1);
	*job = values;
	memcpy(job->id, id, sizeof(job->id));
	worker_post(store->worker, job);
	return true;
}

void picture_store_put(struct picture_store *store, const char *id, const void *bytes, size_t n)
{
	g_assert(picture_is_id(id));
	if (n)
		post(store, id, (struct job){ .put = true, .bytes = g_memdup2(bytes, n), .n = n });
}

bool picture_store_get(struct picture_store *store, const char *id, size_t max, struct picture_reply reply)
{
	g_assert(picture_is_id(id));
	return post(store, id, (struct job){ .max = max, .reply = reply });
}
