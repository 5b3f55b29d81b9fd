/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "frontend/private.h"
#include "frontend/server/upload.h"
#include "frontend/server/upload_files.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define FULL   "user@gate.localhost/a"
#define UPLOAD "urn:xmpp:http:upload:0"
#define RANDOM "0123456789abcdef0123456789abcdef"
#define PATH   "/upload/" RANDOM "/a.png"

static const unsigned char key[UPLOAD_KEY_SIZE] = { 1, 2, 3 };

struct scene {
	char *folder;
	struct upload_files *files;
};

static int setup(void **state)
{
	struct scene *scene = g_new0(struct scene, 1);
	scene->folder = g_dir_make_tmp("upload-XXXXXX", NULL);
	scene->files = upload_files_open(
		&(struct upload_files_options){
			.folder = scene->folder, .address = "127.0.0.1", .key = key, .serves = true },
		NULL);
	*state = scene;
	return scene->files ? 0 : -1;
}

/* Whatever is there below. */
static unsigned list(const char *folder, GString *into, bool clear)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	unsigned n = 0;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			n += list(path, into, clear);
		} else {
			n++;
			g_string_append_printf(into, "%s ", name);
		}
		if (clear)
			g_remove(path);
	}
	if (dir)
		g_dir_close(dir);
	return n;
}

static int teardown(void **state)
{
	struct scene *scene = *state;
	g_autoptr(GString) names = g_string_new(NULL);
	upload_files_close(&scene->files);
	list(scene->folder, names, true);
	g_rmdir(scene->folder);
	g_free(scene->folder);
	g_free(scene);
	return 0;
}

static void is_there(struct scene *scene, const char *names)
{
	g_autoptr(GString) all = g_string_new(NULL);
	list(scene->folder, all, false);
	assert_string_equal(all->str, names);
}

/* --- names and tickets ------------------------------------------------------------------------ */

static void names_become_safe(void **state)
{
	static const char *const cases[][2] = {
		{ "photo.jpg", "photo.jpg" },
		{ "../../etc/passwd", "passwd" },
		{ "C:\\x\\y.txt", "y.txt" },
		{ ".htaccess", "_htaccess" },
		{ "Zo\xc3\xab 1.png", "Zo__1.png" },
		{ "a/", "file" },
		{ "", "file" },
		{ "a?b=<c>&'\"%2f", "a_b__c_____2f" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *clean = upload_clean_name(cases[i][0]);
		assert_string_equal(clean, cases[i][1]);
	}
	g_autofree char *long_name = g_strnfill(300, 'x'), *name = g_strconcat(long_name, ".jpeg", NULL);
	g_autofree char *clean = upload_clean_name(name);
	assert_int_equal(strlen(clean), UPLOAD_NAME_MAX);
	assert_true(g_str_has_suffix(clean, "x.jpeg"));
}

static bool is_good(const char *text, const char *path, const char *type, uint64_t size, int64_t now)
{
	return upload_ticket_is_good(key, &(struct upload_ticket){ path, type, size, now }, text);
}

static void a_ticket_is_for_one_thing_only(void **state)
{
	g_autofree char *typed = upload_ticket_write(key, &(struct upload_ticket){ PATH, "image/png", 5, 1000 });
	g_autofree char *any = upload_ticket_write(key, &(struct upload_ticket){ PATH, NULL, 5, 1000 });
	assert_true(is_good(typed, PATH, "image/png", 5, 1000));
	assert_false(is_good(typed, PATH, "image/png", 5, 1001));
	assert_false(is_good(typed, PATH, "image/png", 6, 1000));
	assert_false(is_good(typed, PATH, "text/html", 5, 1000));
	assert_false(is_good(typed, PATH, NULL, 5, 1000));
	assert_false(is_good(typed, PATH "x", "image/png", 5, 1000));
	assert_true(is_good(any, PATH, "text/html", 5, 1000));
	assert_true(is_good(any, PATH, NULL, 5, 1000));
	for (char *at = any; *at; at++) {
		char was = *at;
		*at = was == '0' ? '1' : '0';
		assert_false(is_good(any, PATH, NULL, 5, 0));
		*at = was;
	}
	assert_false(is_good("", PATH, NULL, 5, 0));
	assert_false(is_good("-", PATH, NULL, 5, 0));
}

/* --- HTTP ------------------------------------------------------------------------------------- */

static int dial(struct scene *scene)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)upload_files_port(scene->files)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* All that comes until the other side closes, to be freed. */
static char *ask(struct scene *scene, const char *request)
{
	GString *answer = g_string_new(NULL);
	char bytes[4096];
	ssize_t n;
	int fd = dial(scene);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		g_string_append_len(answer, bytes, n);
	close(fd);
	return g_string_free(answer, FALSE);
}

static char *ask_put(struct scene *scene, const char *path, const char *ticket, const char *headers, const char *body)
{
	g_autofree char *request = g_strdup_printf("PUT %s?v=%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n%s",
						   path, ticket, headers, body);
	return ask(scene, request);
}

static int status(const char *answer)
{
	assert_true(g_str_has_prefix(answer, "HTTP/1.1 "));
	return (int)g_ascii_strtoll(answer + strlen("HTTP/1.1 "), NULL, 10);
}

static int put(struct scene *scene, const char *path, const char *ticket, const char *headers, const char *body)
{
	g_autofree char *answer = ask_put(scene, path, ticket, headers, body);
	return status(answer);
}

static char *ticket_for(const char *path, const char *type, uint64_t size)
{
	struct upload_ticket ticket = { path, type, size, g_get_real_time() / G_USEC_PER_SEC + 60 };
	return upload_ticket_write(key, &ticket);
}

static int get(struct scene *scene, const char *method, const char *path, char **answer)
{
	g_autofree char *request =
		g_strdup_printf("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
	g_autofree char *all = ask(scene, request);
	int code = status(all);
	if (answer)
		*answer = g_steal_pointer(&all);
	return code;
}

#define FIVE "Content-Length: 5\r\nContent-Type: image/png\r\n"

static void what_is_put_can_be_fetched(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ticket = ticket_for(PATH, "image/png", 5), *answer = NULL, *head = NULL;
	assert_int_equal(put(scene, PATH, ticket, FIVE, "hello"), 201);
	is_there(scene, "a.png ");
	assert_int_equal(get(scene, "GET", PATH, &answer), 200);
	assert_true(g_str_has_suffix(answer, "\r\n\r\nhello"));
	assert_non_null(strstr(answer, "Content-Type: image/png\r\n"));
	assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(answer, "Content-Security-Policy: default-src 'none'"));
	assert_int_equal(get(scene, "HEAD", PATH, &head), 200);
	assert_non_null(strstr(head, "Content-Length: 5\r\n"));
	/* Behind a web server that leaves its own folder in front. */
	assert_int_equal(get(scene, "GET", "/files" PATH, NULL), 200);
}

static void what_could_run_is_only_for_keeping(void **state)
{
	static const char path[] = "/upload/" RANDOM "/a.html";
	struct scene *scene = *state;
	g_autofree char *ticket = ticket_for(path, NULL, 5), *answer = NULL;
	assert_int_equal(put(scene, path, ticket, "Content-Length: 5\r\nContent-Type: text/html\r\n", "<b></"), 201);
	assert_int_equal(get(scene, "GET", path, &answer), 200);
	assert_non_null(strstr(answer, "Content-Type: application/octet-stream\r\n"));
	assert_non_null(strstr(answer, "Content-Disposition: attachment\r\n"));
}

static void nothing_else_can_be_put(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ticket = ticket_for(PATH, "image/png", 5);
	g_autofree char *late = upload_ticket_write(key, &(struct upload_ticket){ PATH, "image/png", 5, 1000 });
	assert_int_equal(put(scene, PATH, late, FIVE, "hello"), 403);
	assert_int_equal(put(scene, PATH, "", FIVE, "hello"), 403);
	assert_int_equal(put(scene, PATH, ticket, "Content-Length: 6\r\nContent-Type: image/png\r\n", "hello!"), 403);
	assert_int_equal(put(scene, PATH, ticket, "Content-Length: 5\r\nContent-Type: text/html\r\n", "hello"), 403);
	assert_int_equal(put(scene, PATH, ticket, "Content-Length: 5\r\n", "hello"), 403);
	assert_int_equal(put(scene, "/upload/" RANDOM "/b.png", ticket, FIVE, "hello"), 403);
	assert_int_equal(put(scene, PATH, ticket, "Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n",
			     "5\r\nhello\r\n0\r\n\r\n"),
			 411);
	is_there(scene, "");
}

static void nothing_is_put_twice(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ticket = ticket_for(PATH, "image/png", 5), *answer = NULL;
	assert_int_equal(put(scene, PATH, ticket, FIVE, "hello"), 201);
	assert_int_equal(put(scene, PATH, ticket, FIVE, "other"), 409);
	get(scene, "GET", PATH, &answer);
	assert_true(g_str_has_suffix(answer, "hello"));
}

static void what_is_broken_off_leaves_nothing(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ticket = ticket_for(PATH, "image/png", 5);
	g_autofree char *request = g_strdup_printf("PUT %s?v=%s HTTP/1.1\r\nHost: x\r\n" FIVE "\r\nhel", PATH, ticket);
	g_autofree char *partial = g_build_filename(scene->folder, "upload", RANDOM, ".part", NULL);
	g_autofree char *folder = g_path_get_dirname(partial);
	int fd = dial(scene);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	for (int i = 0; i < 2000 && !g_file_test(partial, G_FILE_TEST_EXISTS); i++)
		g_usleep(5000);
	assert_true(g_file_test(partial, G_FILE_TEST_EXISTS));
	close(fd);
	for (int i = 0; i < 2000 && g_file_test(folder, G_FILE_TEST_EXISTS); i++)
		g_usleep(5000);
	assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
	/* It may be tried again. */
	assert_int_equal(put(scene, PATH, ticket, FIVE, "hello"), 201);
}

static void a_disk_that_fails_is_told(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ticket = ticket_for(PATH, "image/png", 5);
	g_autofree char *top = g_build_filename(scene->folder, "upload", NULL);
	assert_true(g_file_set_contents(top, "in the way", -1, NULL));
	assert_int_equal(put(scene, PATH, ticket, FIVE, "hello"), 500);
	is_there(scene, "upload ");
}

static void only_files_that_were_uploaded_can_be_fetched(void **state)
{
	static const char *const paths[] = { "/",
					     "/upload/",
					     "/upload/" RANDOM,
					     "/upload/" RANDOM "/",
					     PATH,
					     "/secret",
					     "/upload/" RANDOM "/../../secret",
					     "/upload/" RANDOM "/%2e%2e%2f%2e%2e%2fsecret",
					     "/upload/" RANDOM "/.part",
					     "/upload/" RANDOM "/dir",
					     "/upload/" RANDOM "/link.txt" };
	struct scene *scene = *state;
	g_autofree char *secret = g_build_filename(scene->folder, "secret", NULL);
	g_autofree char *part = g_build_filename(scene->folder, "upload", RANDOM, ".part", NULL);
	g_autofree char *dir = g_build_filename(scene->folder, "upload", RANDOM, "dir", NULL);
	g_autofree char *link = g_build_filename(scene->folder, "upload", RANDOM, "link.txt", NULL);
	assert_int_equal(g_mkdir_with_parents(dir, 0700), 0);
	assert_true(g_file_set_contents(secret, "s", -1, NULL));
	assert_true(g_file_set_contents(part, "s", -1, NULL));
	assert_int_equal(symlink(secret, link), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *request =
			g_strdup_printf("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", paths[i]);
		g_autofree char *answer = ask(scene, request);
		if (*answer && status(answer) != 404)
			fail_msg("%s: %s", paths[i], answer);
	}
	assert_int_equal(get(scene, "DELETE", PATH, NULL), 405);
	assert_int_equal(get(scene, "OPTIONS", PATH, NULL), 204);
}

static void old_files_go(void **state)
{
	struct scene *scene = *state;
	int64_t now = g_get_real_time() / G_USEC_PER_SEC;
	g_autofree char *ticket = ticket_for(PATH, "image/png", 5);
	assert_int_equal(put(scene, PATH, ticket, FIVE, "hello"), 201);
	assert_int_equal(upload_files_expire(scene->folder, now - 10, 10), 0);
	is_there(scene, "a.png ");
	assert_int_equal(upload_files_expire(scene->folder, now + 10, 10), 1);
	is_there(scene, "");
}

/* --- slots ------------------------------------------------------------------------------------ */

static unsigned free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	close(fd);
	return ntohs(at.sin_port);
}

struct asking {
	struct rig *rig;
	struct upload *upload;
	char *folder;
	unsigned port;
};

static struct asking begin_asking(const char *web_url)
{
	struct asking asking = { .port = free_port(), .folder = g_dir_make_tmp("upload-XXXXXX", NULL) };
	g_autofree char *port = g_strdup_printf("service.upload_port=%u", asking.port);
	g_autofree char *folder = g_strdup_printf("service.web_directory=%s", asking.folder);
	g_autofree char *url = g_strdup_printf("service.web_url=%s", web_url);
	const char *const overrides[] = { "service.server_mode=1",
					  "service.upload_max=10000",
					  "service.upload_quota=15000",
					  port,
					  folder,
					  url,
					  NULL };
	g_autoptr(GError) error = NULL;
	asking.rig = rig_new("none", overrides);
	asking.upload = upload_open(asking.rig->fakes->loop, asking.rig->fakes->config, &error);
	assert_null(error);
	asking.rig->frontend->upload = asking.upload;
	asking.rig->frontend->server = (struct server *)asking.rig;
	return asking;
}

static void end_asking(struct asking *asking)
{
	asking->rig->frontend->upload = NULL;
	asking->rig->frontend->server = NULL;
	upload_close(&asking->upload);
	rig_end(asking->rig);
	g_rmdir(asking->folder);
	g_free(asking->folder);
}

#define ASK(attributes) \
	"<iq type='get' id='1' from='" FULL "' to='gate.localhost'><request xmlns='" UPLOAD "' " attributes "/></iq>"
#define REFUSED(kind, inside) \
	"<iq type='error' id='1' from='gate.localhost' to='" FULL "'><error type='" kind "'>" inside "</error></iq>"

static void a_slot_says_where_to(void **state)
{
	struct asking asking = begin_asking("https://web.example/files/");
	receive(asking.rig, ASK("filename='My photo.jpg' size='900' content-type='image/jpeg'"));
	g_autofree char *sent = rig_sent(asking.rig);
	g_autofree char *expected =
		g_strdup_printf("<put "
				"url='http://127\\.0\\.0\\.1:%u/upload/[0-9a-f]{32}/"
				"My_photo\\.jpg\\?v=[0-9]+-t-[0-9a-f]{64}'(/>|></put>)"
				"<get url='https://web\\.example/files/upload/[0-9a-f]{32}/My_photo\\.jpg'(/>|></get>)",
				asking.port);
	if (!g_regex_match_simple(expected, sent, 0, 0))
		fail_msg("%s", sent);
	forget(asking.rig);
	end_asking(&asking);
}

static void what_is_too_much_is_refused(void **state)
{
	struct asking asking = begin_asking("");
	receive(asking.rig, ASK("filename='a' size='10001'"));
	expect(asking.rig,
	       REFUSED("modify", "<not-acceptable " STANZAS "/><text " STANZAS ">The file is too large</text>"
				 "<file-too-large xmlns='" UPLOAD "'><max-file-size>10000</max-file-size>"
				 "</file-too-large>"));
	receive(asking.rig, ASK("filename='a' size='9000'"));
	forget(asking.rig);
	receive(asking.rig, ASK("filename='a' size='9000'"));
	g_autofree char *sent = rig_sent(asking.rig);
	assert_non_null(strstr(sent, "resource-constraint"));
	assert_true(g_regex_match_simple("<retry xmlns='" UPLOAD "' stamp='[0-9-]{10}T00:00:00Z'", sent, 0, 0) ||
		    g_regex_match_simple("<retry stamp='[0-9-]{10}T00:00:00Z'", sent, 0, 0));
	forget(asking.rig);
	receive(asking.rig, ASK("filename='a' size='6000'"));
	g_autofree char *granted = rig_sent(asking.rig);
	assert_non_null(strstr(granted, "<slot"));
	forget(asking.rig);
	end_asking(&asking);
}

static void small_files_take_room_too(void **state)
{
	struct asking asking = begin_asking("");
	for (int i = 0; i < 4; i++) {
		receive(asking.rig, ASK("filename='a' size='1'"));
		g_autofree char *sent = rig_sent(asking.rig);
		assert_non_null(strstr(sent, i < 3 ? "<slot" : "resource-constraint"));
		forget(asking.rig);
	}
	end_asking(&asking);
}

static void nonsense_is_refused(void **state)
{
	static const char *const wrong[] = {
		ASK("filename='a'"),          ASK("size='5'"),
		ASK("filename='' size='5'"),  ASK("filename='a' size='-5'"),
		ASK("filename='a' size='0'"), ASK("filename='a' size='5' content-type='a&#10;b'")
	};
	struct asking asking = begin_asking("");
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		receive(asking.rig, wrong[i]);
		expect(asking.rig, REFUSED("modify", "<bad-request " STANZAS "/><text " STANZAS
						     ">A file has a name and a size</text>"));
	}
	end_asking(&asking);
}

static void the_domain_tells_of_it(void **state)
{
	struct asking asking = begin_asking("");
	receive(asking.rig, "<iq type='get' id='1' from='" FULL "' to='gate.localhost'>"
			    "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
	g_autofree char *sent = rig_sent(asking.rig);
	assert_non_null(strstr(sent, "<identity category='store'"));
	assert_non_null(strstr(sent, "var='" UPLOAD "'"));
	assert_non_null(strstr(sent, "<value>10000</value>"));
	forget(asking.rig);
	end_asking(&asking);
}

static void files_stay_where_they_were_at_the_start(void **state)
{
	static const char *const overrides[] = { "service.server_mode=1", "service.web_url=https://other", NULL };
	struct asking asking = begin_asking("https://files.example/");
	struct fakes *reloaded = fakes_new("none", overrides);
	struct upload_request wish = { "user@gate.localhost", "a.txt", NULL, 10 };
	struct upload_slot slot = { 0 };
	fakes_open(reloaded);
	upload_set_config(asking.upload, reloaded->config);
	assert_int_equal(upload_ask(asking.upload, &wish, &slot), UPLOAD_GRANTED);
	assert_true(g_str_has_prefix(slot.get, "https://files.example/upload/"));
	g_free(slot.put);
	g_free(slot.get);
	fakes_end(reloaded);
	end_asking(&asking);
}

static void without_a_folder_it_is_not_opened(void **state)
{
	static const char *const overrides[] = { "service.server_mode=1", "service.upload_port=1",
						 "service.web_directory=/none", NULL };
	struct fakes *fakes = fakes_new("none", overrides);
	g_autoptr(GError) error = NULL;
	fakes_open(fakes);
	assert_null(upload_open(fakes->loop, fakes->config, &error));
	assert_non_null(strstr(error->message, "service.web_directory"));
	fakes_end(fakes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_safe),
		cmocka_unit_test(a_ticket_is_for_one_thing_only),
		TEST(what_is_put_can_be_fetched),
		TEST(what_could_run_is_only_for_keeping),
		TEST(nothing_else_can_be_put),
		TEST(nothing_is_put_twice),
		TEST(what_is_broken_off_leaves_nothing),
		TEST(a_disk_that_fails_is_told),
		TEST(only_files_that_were_uploaded_can_be_fetched),
		TEST(old_files_go),
		cmocka_unit_test(a_slot_says_where_to),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(small_files_take_room_too),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(the_domain_tells_of_it),
		cmocka_unit_test(files_stay_where_they_were_at_the_start),
		cmocka_unit_test(without_a_folder_it_is_not_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
