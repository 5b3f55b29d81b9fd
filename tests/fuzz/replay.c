/* SPDX-License-Identifier: MIT */
/* Feeds every file of a corpus folder to a fuzz target, whole and cut short at every 7th byte. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replay(const char *path)
{
	g_autofree char *data = NULL;
	size_t size;
	unsigned runs = 1;
	if (!g_file_get_contents(path, &data, &size, NULL))
		return 0;
	LLVMFuzzerTestOneInput((const uint8_t *)data, size);
	for (size_t cut = 0; cut < size && cut < 4096; cut += 7, runs++) {
		g_autofree uint8_t *part = g_memdup2(data, cut);
		LLVMFuzzerTestOneInput(part, cut);
	}
	return runs;
}

int main(int argc, char **argv)
{
	const char *name;
	unsigned files = 0, runs = 0;
	g_autoptr(GDir) folder = g_dir_open(argc > 1 ? argv[1] : ".", 0, NULL);
	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *path = g_build_filename(argv[1], name, NULL);
		unsigned n = replay(path);
		files += n > 0;
		runs += n;
	}
	printf("%u files, %u runs\n", files, runs);
	return files ? 0 : 1;
}
