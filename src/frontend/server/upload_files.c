/* SPDX-License-Identifier: MIT */
#include "frontend/server/upload_files.h"

#include "base/log.h"
#include "frontend/server/upload.h"
#include "loop/http.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

LOG_AREA("Upload");

#define PLACE   "/upload/"
#define PARTIAL ".part"

enum { PARTIAL_SECONDS = 86400, EXTENSION_MAX = 16 };

enum {
	CREATED = 201,
	NO_CONTENT = 204,
	OK = 200,
	FORBIDDEN = 403,
	NOT_FOUND = 404,
	METHOD_NOT_ALLOWED = 405,
	CONFLICT = 409,
	LENGTH_REQUIRED = 411,
	INTERNAL_ERROR = 500,
	NO_STORAGE = 507
};

struct upload_files {
	char *folder; /* owned */
	unsigned char key[UPLOAD_KEY_SIZE];
	bool serves;
	struct http *http;
};

/* --- names ------------------------------------------------------------------------------------ */

static bool is_plain(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
}

static bool is_name(const char *name)
{
	size_t n = strlen(name);
	if (!n || n > UPLOAD_NAME_MAX || *name == '.')
		return false;
	for (const char *at = name; *at; at++)
		if (!is_plain(*at))
			return false;
	return true;
}

static bool is_random(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!g_ascii_isxdigit(text[i]))
			return false;
	return n == UPLOAD_RANDOM_SIZE;
}

/* What tells programs the kind of a file is kept. */
static void cut_name(GString *name)
{
	const char *dot = strrchr(name->str, '.');
	size_t tail = dot ? strlen(dot) : 0;
	if (name->len <= UPLOAD_NAME_MAX)
		return;
	if (tail > EXTENSION_MAX)
		tail = 0;
	g_string_erase(name, (gssize)(UPLOAD_NAME_MAX - tail), (gssize)(name->len - UPLOAD_NAME_MAX));
}

char *upload_clean_name(const char *name)
{
	GString *clean = g_string_new(NULL);
	for (const char *at = name; *at; at++) {
		bool continues = ((unsigned char)*at & 0xc0) == 0x80;
		if (*at == '/' || *at == '\\')
			g_string_truncate(clean, 0);
		else if (is_plain(*at))
			g_string_append_c(clean, *at);
		else if (!continues)
			g_string_append_c(clean, '_');
	}
	if (*clean->str == '.')
		*clean->str = '_';
	cut_name(clean);
	if (!clean->len)
		g_string_assign(clean, "file");
	return g_string_free(clean, FALSE);
}

char *upload_path(const char *random, const char *name)
{
	return g_strconcat(PLACE, random, "/", name, NULL);
}

/* Behind whatever a web server in front of us leaves there; NULL: it is none of ours. */
static const char *find_path(const char *path)
{
	const char *at = g_strrstr(path, PLACE), *random = at ? at + strlen(PLACE) : NULL;
	size_t n = random ? strcspn(random, "/") : 0;
	return random && is_random(random, n) && random[n] == '/' && is_name(random + n + 1) ? at : NULL;
}

/* --- putting ---------------------------------------------------------------------------------- */

struct putting {
	char *folder, *partial, *file; /* owned */
	int fd;
	uint64_t size, come;
};

static const char *const open_to_all[] = { "Access-Control-Allow-Origin", "*", NULL };

static unsigned status_of(int error)
{
	return error == ENOSPC || error == EDQUOT ? NO_STORAGE : INTERNAL_ERROR;
}

/* The folder goes if nothing is left in it. */
static void free_putting(struct putting *putting)
{
	if (putting->fd >= 0) {
		close(putting->fd);
		g_unlink(putting->partial);
	}
	g_rmdir(putting->folder);
	g_free(putting->folder);
	g_free(putting->partial);
	g_free(putting->file);
	g_free(putting);
}

static bool make_folders(const struct upload_files *files, const struct putting *putting)
{
	g_autofree char *top = g_strconcat(files->folder, "/upload", NULL);
	return (g_mkdir(top, 0755) == 0 || errno == EEXIST) && (g_mkdir(putting->folder, 0755) == 0 || errno == EEXIST);
}

static bool open_partial(const struct upload_files *files, struct putting *putting, unsigned *status)
{
	if (!make_folders(files, putting)) {
		*status = status_of(errno);
		log_error("%s cannot be made: %s", putting->folder, g_strerror(errno));
		return false;
	}
	*status = CONFLICT;
	if (g_file_test(putting->file, G_FILE_TEST_EXISTS))
		return false;
	putting->fd = open(putting->partial, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (putting->fd >= 0)
		return true;
	if (errno != EEXIST) {
		*status = status_of(errno);
		log_error("%s cannot be made: %s", putting->partial, g_strerror(errno));
	}
	return false;
}

static void *begin_put(const struct upload_files *files, const struct http_request *request, const char *path,
		       struct http_answer *answer)
{
	struct upload_ticket ticket = { .path = path,
					.type = http_header(request, "Content-Type"),
					.size = (uint64_t)request->length,
					.until = g_get_real_time() / G_USEC_PER_SEC };
	const char *text = http_argument(request, "v");
	answer->status = request->length < 0 ? LENGTH_REQUIRED : FORBIDDEN;
	if (request->length < 0 || !text || !upload_ticket_is_good(files->key, &ticket, text))
		return NULL;
	struct putting *putting = g_new0(struct putting, 1);
	putting->file = g_strconcat(files->folder, path, NULL);
	putting->folder = g_path_get_dirname(putting->file);
	putting->partial = g_strconcat(putting->folder, "/" PARTIAL, NULL);
	putting->fd = -1;
	putting->size = ticket.size;
	if (open_partial(files, putting, &answer->status))
		return putting;
	free_putting(putting);
	return NULL;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

static bool put_bytes(void *upload, const char *bytes, size_t n, struct http_answer *answer)
{
	struct putting *putting = upload;
	putting->come += n;
	answer->status = FORBIDDEN;
	if (putting->come > putting->size)
		return false;
	if (write_all(putting->fd, bytes, n))
		return true;
	answer->status = status_of(errno);
	log_error("%s cannot be written: %s", putting->file, g_strerror(errno));
	return false;
}

/* Some file systems say only now that the disk is full. */
static bool finish(struct putting *putting)
{
	int fd = putting->fd;
	bool written = close(fd) == 0;
	putting->fd = -1;
	if (written && g_rename(putting->partial, putting->file) == 0)
		return true;
	int why = errno;
	g_unlink(putting->partial);
	errno = why;
	return false;
}

static void end_put(void *upload, bool whole, struct http_answer *answer)
{
	struct putting *putting = upload;
	answer->headers = open_to_all;
	if (!whole || putting->come != putting->size) {
		answer->status = FORBIDDEN;
	} else if (finish(putting)) {
		answer->status = CREATED;
		log_info("%s: %" G_GUINT64_FORMAT " bytes are uploaded", putting->file, putting->size);
	} else {
		answer->status = status_of(errno);
		log_error("%s cannot be written: %s", putting->file, g_strerror(errno));
	}
	free_putting(putting);
}

/* --- getting ---------------------------------------------------------------------------------- */

/* What browsers show without running anything of it; the rest is for keeping. */
#define SAFE                                                                                                      \
	"X-Content-Type-Options", "nosniff", "Content-Security-Policy",                                           \
		"default-src 'none'; frame-ancestors 'none'; sandbox", "Cache-Control", "private, max-age=86400", \
		"Access-Control-Allow-Origin", "*"
static const struct {
	const char *extension;
	const char *const headers[11];
} kinds[] = {
	{ ".jpg", { SAFE, "Content-Type", "image/jpeg" } },  { ".jpeg", { SAFE, "Content-Type", "image/jpeg" } },
	{ ".png", { SAFE, "Content-Type", "image/png" } },   { ".gif", { SAFE, "Content-Type", "image/gif" } },
	{ ".webp", { SAFE, "Content-Type", "image/webp" } }, { ".mp4", { SAFE, "Content-Type", "video/mp4" } },
	{ ".webm", { SAFE, "Content-Type", "video/webm" } }, { ".mp3", { SAFE, "Content-Type", "audio/mpeg" } },
	{ ".m4a", { SAFE, "Content-Type", "audio/mp4" } },   { ".ogg", { SAFE, "Content-Type", "audio/ogg" } },
	{ ".opus", { SAFE, "Content-Type", "audio/ogg" } },  { ".txt", { SAFE, "Content-Type", "text/plain" } },
};
static const char *const any_kind[] = {
	SAFE, "Content-Type", "application/octet-stream", "Content-Disposition", "attachment", NULL
};

static const char *const *headers_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < G_N_ELEMENTS(kinds); i++)
		if (!g_ascii_strcasecmp(dot, kinds[i].extension))
			return kinds[i].headers;
	return any_kind;
}

static void get(const struct upload_files *files, const char *path, struct http_answer *answer)
{
	g_autofree char *file = g_strconcat(files->folder, path, NULL);
	answer->status = NOT_FOUND;
	answer->file = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (answer->file < 0)
		return;
	answer->status = OK;
	answer->headers = headers_of(path);
}

/* --- requests --------------------------------------------------------------------------------- */

static const char *const preflight[] = { "Access-Control-Allow-Origin",
					 "*",
					 "Access-Control-Allow-Methods",
					 "GET, HEAD, PUT, OPTIONS",
					 "Access-Control-Allow-Headers",
					 "Content-Type",
					 "Access-Control-Max-Age",
					 "7200",
					 NULL };

static void *begin(void *ctx, const struct http_request *request, struct http_answer *answer)
{
	const struct upload_files *files = ctx;
	const char *path = find_path(request->path);
	bool gets = !strcmp(request->method, "GET") || !strcmp(request->method, "HEAD");
	answer->headers = open_to_all;
	if (!path) {
		answer->status = NOT_FOUND;
	} else if (!strcmp(request->method, "PUT")) {
		return begin_put(files, request, path, answer);
	} else if (gets && files->serves) {
		get(files, path, answer);
	} else if (!strcmp(request->method, "OPTIONS")) {
		answer->status = NO_CONTENT;
		answer->headers = preflight;
	} else {
		answer->status = METHOD_NOT_ALLOWED;
	}
	return NULL;
}

struct upload_files *upload_files_open(const struct upload_files_options *options, GError **error)
{
	static const struct http_events events = { begin, put_bytes, end_put };
	struct upload_files *files = g_new0(struct upload_files, 1);
	files->folder = g_strdup(options->folder);
	memcpy(files->key, options->key, UPLOAD_KEY_SIZE);
	files->serves = options->serves;
	files->http = http_open(options->address, options->port, &events, files, error);
	if (!files->http)
		upload_files_close(&files);
	return files;
}

void upload_files_close(struct upload_files **files)
{
	struct upload_files *gone = g_steal_pointer(files);
	if (!gone)
		return;
	http_close(&gone->http);
	g_free(gone->folder);
	g_free(gone);
}

unsigned upload_files_port(const struct upload_files *files)
{
	return http_port(files->http);
}

/* --- what is old ------------------------------------------------------------------------------ */

static unsigned expire_in(const char *folder, int64_t before, int64_t partial_before)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	unsigned n = 0;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename(folder, name, NULL);
		bool partial = !strcmp(name, PARTIAL);
		GStatBuf status;
		if ((partial || is_name(name)) && g_lstat(file, &status) == 0 &&
		    status.st_mtime < (partial ? partial_before : before))
			n += g_unlink(file) == 0;
	}
	if (dir)
		g_dir_close(dir);
	if (n)
		g_rmdir(folder);
	return n;
}

unsigned upload_files_expire(const char *folder, int64_t before, unsigned max)
{
	g_autofree char *top = g_build_filename(folder, "upload", NULL);
	int64_t partial_before = g_get_real_time() / G_USEC_PER_SEC - PARTIAL_SECONDS;
	GDir *dir = g_dir_open(top, 0, NULL);
	const char *name;
	unsigned n = 0;
	while (dir && n < max && (name = g_dir_read_name(dir))) {
		g_autofree char *each = g_build_filename(top, name, NULL);
		if (is_random(name, strlen(name)))
			n += expire_in(each, before, partial_before);
	}
	if (dir)
		g_dir_close(dir);
	return n;
}
