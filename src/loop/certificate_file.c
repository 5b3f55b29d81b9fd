/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "loop/certificate_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void certificate_warn(GString *warnings, const char *file, const char *format, ...)
{
	va_list arguments;
	if (warnings->len > 0)
		g_string_append_c(warnings, '\n');
	g_string_append_printf(warnings, "%s: ", file);
	va_start(arguments, format);
	g_string_append_vprintf(warnings, format, arguments);
	va_end(arguments);
}

void content_wipe(struct content *content)
{
	if (content->bytes)
		secret_wipe(content->bytes, content->n);
	g_free(content->bytes);
	*content = (struct content){ 0 };
}

static bool read_all(struct content *content, int fd, size_t size, GError **error)
{
	content->bytes = g_malloc0(size + 1);
	while (content->n < size) {
		ssize_t n = read(fd, content->bytes + content->n, size - content->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return certificate_fail(error, content->file, g_strerror(errno));
		if (n == 0)
			break;
		content->n += (size_t)n;
	}
	return true;
}

static bool read_file(struct content *content, int fd, GString *warnings, GError **error)
{
	struct stat status;
	if (fstat(fd, &status))
		return certificate_fail(error, content->file, g_strerror(errno));
	if (!S_ISREG(status.st_mode))
		return certificate_fail(error, content->file, "this is not a file");
	if (status.st_size > CERTIFICATE_FILE_MAX)
		return certificate_fail(error, content->file, "this is too large for a certificate");
	if (warnings && status.st_mode & S_IROTH)
		certificate_warn(warnings, content->file, "every user of this machine can read the key in it");
	return read_all(content, fd, (size_t)status.st_size, error);
}

bool content_read(struct content *content, const char *file, GString *warnings, GError **error)
{
	*content = (struct content){ .file = file };
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return certificate_fail(error, file, g_strerror(errno));
	bool good = read_file(content, fd, warnings, error);
	close(fd);
	return good;
}
