/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "core/photo.h"

#define A        USER "/a"
#define BOB      "bob@gate.localhost"
#define PICTURE  "\x89PNG of bob"
#define METADATA "urn:xmpp:avatar:metadata"
#define DATA     "urn:xmpp:avatar:data"

static int setup(void **state)
{
	*state = rig_start();
	return 0;
}

static void remove_pictures(const struct rig *rig)
{
	g_autofree char *path = g_build_filename(rig->fakes->folder, "avatars", NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;
	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		unlink(file);
	}
	rmdir(path);
}

static int teardown(void **state)
{
	remove_pictures(*state);
	rig_end(*state);
	return 0;
}

static char *sha1(const char *text)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);
}

static void bob_has(struct rig *rig, const char *hash)
{
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "bob", .icon_hash = hash });
}

static void ask(struct rig *rig, const char *node, const char *item)
{
	g_autofree char *inside = item ? g_strdup_printf("<item id='%s'/>", item) : g_strdup("");
	g_autofree char *request =
		g_strdup_printf("<iq type='get' id='1' from='" A "' to='" BOB "'><pubsub "
				"xmlns='http://jabber.org/protocol/pubsub'><items node='%s'>%s</items></pubsub></iq>",
				node, inside);
	receive(rig, request);
}

static void net_gives(struct rig *rig, const char *photo)
{
	core_legacy_vcard(fakes_user(rig->fakes, USER), rig->fakes->vcard,
			  &(struct core_vcard){
				  .photo = photo, .photo_len = strlen(photo), .has_photo = true, .full_name = "Bob" });
}

static void expect_metadata(struct rig *rig, const char *id)
{
	g_autofree char *wanted = g_strdup_printf(
		"<iq type='result' id='1' from='" BOB "' to='" A "'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
		"<items node='" METADATA "'><item id='%s'><metadata xmlns='" METADATA "'>"
		"<info bytes='%zu' id='%s' type='image/png'/></metadata></item></items></pubsub></iq>",
		id, strlen(PICTURE), id);
	wait_for(rig->fakes, buf_len(&rig->out) > 0);
	expect(rig, wanted);
}

static void expect_missing(struct rig *rig)
{
	wait_for(rig->fakes, buf_len(&rig->out) > 0);
	expect(rig, "<iq type='error' id='1' from='" BOB "' to='" A "'><error type='cancel'><item-not-found " STANZAS
		    "/></error></iq>");
}

/* Waits for the request that the store had nothing for. */
static void expect_asked(struct rig *rig)
{
	wait_for(rig->fakes, rig->fakes->lines->len > 0);
	expect_net(rig, "net vcard user@localhost bob\n");
}

static void pictures_are_fetched_once_and_then_kept(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = sha1(PICTURE), *encoded = g_base64_encode((const guchar *)PICTURE, strlen(PICTURE));
	bob_has(rig, id);
	forget(rig);
	ask(rig, METADATA, NULL);
	expect_asked(rig);
	net_gives(rig, PICTURE);
	expect_metadata(rig, id);
	ask(rig, METADATA, NULL);
	expect_metadata(rig, id);
	ask(rig, DATA, id);
	g_autofree char *wanted = g_strdup_printf(
		"<iq type='result' id='1' from='" BOB "' to='" A "'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
		"<items node='" DATA "'><item id='%s'><data xmlns='" DATA "'>%s</data></item></items></pubsub></iq>",
		id, encoded);
	wait_for(rig->fakes, buf_len(&rig->out) > 0);
	expect(rig, wanted);
	expect_net(rig, "");
}

static void another_picture_than_the_contacts_is_not_found(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = sha1(PICTURE), *other = sha1("other");
	bob_has(rig, id);
	forget(rig);
	ask(rig, DATA, other);
	expect_missing(rig);
	ask(rig, DATA, "../../etc/passwd");
	expect_missing(rig);
	ask(rig, "urn:xmpp:bookmarks:1", NULL);
	expect_missing(rig);
	bob_has(rig, "");
	forget(rig);
	ask(rig, METADATA, NULL);
	expect_missing(rig);
	expect_net(rig, "");
}

static void a_vcard_without_a_picture_is_no_picture(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = sha1(PICTURE);
	bob_has(rig, id);
	forget(rig);
	ask(rig, METADATA, NULL);
	expect_asked(rig);
	net_gives(rig, "");
	expect_missing(rig);
}

static void what_else_pubsub_can_is_not_implemented(void **state)
{
	struct rig *rig = *state;
	receive(rig,
		"<iq type='get' id='1' from='" A "' to='" BOB "'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
		"<affiliations/></pubsub></iq>");
	receive(rig,
		"<iq type='set' id='2' from='" A "' to='" BOB "'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
		"<publish node='x'/></pubsub></iq>");
	expect(rig, "<iq type='error' id='1' from='" BOB "' to='" A
		    "'><error type='cancel'><feature-not-implemented " STANZAS
		    "/></error></iq><iq type='error' id='2' from='" BOB "' to='" A "'><error type='cancel'>"
		    "<feature-not-implemented " STANZAS "/></error></iq>");
}

static void expect_shown(struct rig *rig, const char *to, const char *hash)
{
	g_autofree char *wanted = g_strdup_printf("<presence from='" BOB "/bot' to='%s'><x xmlns='vcard-temp:x:update'>"
						  "<photo>%s</photo></x>" CAPS "</presence>",
						  to, hash);
	expect(rig, wanted);
}

static void names_that_are_no_sha1_become_one_and_then_the_right_one(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = sha1(PICTURE), *first = sha1("avatar-17");
	bob_has(rig, "avatar-17");
	expect_shown(rig, USER, first);
	receive(rig, "<iq type='get' id='v' from='" A "' to='" BOB "'><vCard xmlns='vcard-temp'/></iq>");
	fakes_forget(rig->fakes);
	net_gives(rig, PICTURE);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "<FN>Bob</FN>"));
	assert_non_null(strstr(sent, id));
	forget(rig);
	receive(rig, "<presence type='probe' from='" A "' to='" BOB "'/>");
	expect_shown(rig, A, id);
	ask(rig, METADATA, NULL);
	expect_metadata(rig, id);
	expect_net(rig, "");
}

static void sha1s_are_written_small(void **state)
{
	struct rig *rig = *state;
	bob_has(rig, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709");
	expect_shown(rig, USER, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

/* --- the user's own -------------------------------------------------------------------------- */

static void say(struct rig *rig, const char *photo)
{
	g_autofree char *presence = g_strdup_printf("<presence from='" A "' to='gate.localhost'>"
						    "<x xmlns='vcard-temp:x:update'>%s</x></presence>",
						    photo);
	receive(rig, presence);
}

static void answer_own(struct rig *rig, const char *vcard)
{
	g_autofree char *sent = rig_sent(rig);
	assert_true(*sent);
	g_autoptr(GRegex) regex = g_regex_new("id='([^']*)'", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *raw = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	assert_true(g_regex_match(regex, raw, 0, &match));
	g_autofree char *id = g_match_info_fetch(match, 1);
	expect(rig,
	       "<iq type='get' id='00000000-q1' from='gate.localhost' to='" USER "'><vCard xmlns='vcard-temp'/></iq>");
	g_autofree char *answer =
		g_strdup_printf("<iq type='result' id='%s' from='" USER "' to='gate.localhost'>%s</iq>", id, vcard);
	receive(rig, answer);
}

static void the_own_picture_is_fetched_and_given_to_the_network_once(void **state)
{
	struct rig *rig = *state;
	static const char photo[] = "<photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo>";
	say(rig, "");
	say(rig, "<photo>../x</photo>");
	say(rig, "<photo/>");
	expect(rig, "");
	say(rig, photo);
	answer_own(rig,
		   "<vCard xmlns='vcard-temp'><NICKNAME>Romeo</NICKNAME><PHOTO><BINVAL>\niVBORw==\n</BINVAL></PHOTO>"
		   "</vCard>");
	expect_net(rig, "net set-vcard user@localhost Romeo 4 bytes\n");
	say(rig, photo);
	expect(rig, "");
	say(rig, "<photo/>");
	expect_net(rig, "net set-vcard user@localhost 0 bytes\n");
}

static void a_card_without_a_picture_takes_none_away(void **state)
{
	struct rig *rig = *state;
	say(rig, "<photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo>");
	answer_own(rig, "<vCard xmlns='vcard-temp'/>");
	expect_net(rig, "");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(pictures_are_fetched_once_and_then_kept),
		T(another_picture_than_the_contacts_is_not_found),
		T(a_vcard_without_a_picture_is_no_picture),
		T(what_else_pubsub_can_is_not_implemented),
		T(names_that_are_no_sha1_become_one_and_then_the_right_one),
		T(sha1s_are_written_small),
		T(the_own_picture_is_fetched_and_given_to_the_network_once),
		T(a_card_without_a_picture_takes_none_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
