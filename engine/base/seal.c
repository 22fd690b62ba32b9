#include "base/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

enum {
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	KEY_TEXT_BYTES = 128, /* of the file: base64 of 32 bytes is 44 */
	MARK_LENGTH = 3,
	BASE64 = sodium_base64_VARIANT_ORIGINAL,
};

static const char mark[] = "s1:";

/* ---- keys ---- */

static void derive(struct seal *seal)
{
	seal_subkey(seal, "text", seal->text_key);
	seal_subkey(seal, "hash", seal->hash_key);
}

static void begin(void)
{
	if (sodium_init() == -1)
		die("libsodium cannot be started");
}

void seal_subkey(const struct seal *seal, const char *name, unsigned char key_r[SEAL_KEY_BYTES])
{
	crypto_generichash(key_r, SEAL_KEY_BYTES, (const unsigned char *)name, strlen(name), seal->key, sizeof(seal->key));
}

void seal_random(struct seal *seal_r)
{
	begin();
	randombytes_buf(seal_r->key, sizeof(seal_r->key));
	derive(seal_r);
}

void seal_clear(struct seal *seal)
{
	sodium_memzero(seal, sizeof(*seal));
}

/* ---- the key file ---- */

static int cannot(struct error *error, const char *path, const char *what)
{
	return error_set(error, "the key file %s cannot be %s: %s", path, what, strerror(errno));
}

static int write_key(int fd)
{
	unsigned char key[SEAL_KEY_BYTES];
	char text[KEY_TEXT_BYTES];
	ssize_t written, length;

	randombytes_buf(key, sizeof(key));
	sodium_bin2base64(text, sizeof(text) - 1, key, sizeof(key), BASE64);
	length = (ssize_t)strlen(text);
	text[length++] = '\n';
	written = write(fd, text, (size_t)length);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(text, sizeof(text));
	return written == length && fsync(fd) == 0 ? 0 : -1;
}

/*
 * Written whole under another name and then linked: two programs that start at once get one key, and a crash
 * leaves no half of one.
 */
static int make_file(const char *path, struct error *error)
{
	char beside[PATH_MAX];
	int fd, result;

	if (folder_make_for(path, error) == -1)
		return -1;
	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside))
		return error_set(error, "the key file's name is too long");
	if ((fd = mkstemp(beside)) == -1) /* mode 0600 */
		return cannot(error, path, "made");
	result = write_key(fd);
	if (close(fd) == -1)
		result = -1;
	if (result == 0 && link(beside, path) == -1 && errno != EEXIST)
		result = -1;
	if (result == -1)
		cannot(error, path, "written");
	unlink(beside);
	return result;
}

static int check_mode(int fd, const char *path, struct error *error)
{
	struct stat info;

	if (fstat(fd, &info) == -1)
		return cannot(error, path, "read");
	if (!S_ISREG(info.st_mode))
		return error_set(error, "the key file %s is no file", path);
	if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return error_set(error,
		                 "the key file %s may be read by others than its owner (mode %03o): `chmod 600 %s`", path,
		                 info.st_mode & 0777, path);
	return 0;
}

static int read_key(int fd, const char *path, struct seal *seal, struct error *error)
{
	char text[KEY_TEXT_BYTES];
	ssize_t length = read(fd, text, sizeof(text));
	size_t bytes = 0;
	int result;

	if (length == -1)
		return cannot(error, path, "read");
	result = sodium_base642bin(seal->key, sizeof(seal->key), text, (size_t)length, " \r\n", &bytes, NULL, BASE64);
	sodium_memzero(text, sizeof(text));
	if (result == -1 || bytes != SEAL_KEY_BYTES)
		return error_set(error, "the key file %s holds no key (base64 of %d bytes); restore it from where it is kept",
		                 path, SEAL_KEY_BYTES);
	return 0;
}

int seal_open_file(const char *path, bool make, struct seal *seal_r, struct error *error)
{
	int fd, result;

	begin();
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT && make) {
		if (make_file(path, error) == -1)
			return -1;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd == -1)
		return cannot(error, path, "opened");
	result = check_mode(fd, path, error);
	if (result == 0)
		result = read_key(fd, path, seal_r, error);
	close(fd);
	if (result == 0)
		derive(seal_r);
	return result;
}

/* ---- texts and hashes ---- */

struct slice seal_text(const struct seal *seal, const char *column, struct slice text, struct arena *arena)
{
	size_t box_bytes = NONCE_BYTES + (size_t)text.length + TAG_BYTES;
	size_t text_bytes = MARK_LENGTH + sodium_base64_encoded_len(box_bytes, BASE64);
	unsigned char *box;
	char *out;

	if (text.length == 0)
		return (struct slice){"", 0};
	box = arena_take(arena, box_bytes);
	out = arena_take(arena, text_bytes);
	if (box == NULL || out == NULL)
		return (struct slice){0};
	randombytes_buf(box, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE_BYTES, NULL, (const unsigned char *)text.at, text.length,
	                                           (const unsigned char *)column, strlen(column), NULL, box,
	                                           seal->text_key);
	memcpy(out, mark, MARK_LENGTH);
	sodium_bin2base64(out + MARK_LENGTH, text_bytes - MARK_LENGTH, box, box_bytes, BASE64);
	return slice_of(out);
}

static int does_not_open(struct error *error, const char *column)
{
	return error_set(error, "a sealed value of %s does not open: it was sealed with another key, or changed", column);
}

int seal_open(const struct seal *seal, const char *column, struct slice sealed, struct arena *arena,
              struct slice *text_r, struct error *error)
{
	unsigned char *box;
	char *text;
	size_t bytes;

	*text_r = (struct slice){"", 0};
	if (sealed.length == 0)
		return 0;
	if (sealed.length < MARK_LENGTH || memcmp(sealed.at, mark, MARK_LENGTH) != 0)
		return does_not_open(error, column);
	box = arena_take(arena, sealed.length);
	text = arena_take(arena, sealed.length);
	if (box == NULL || text == NULL)
		return error_set(error, "no room to open a sealed value");
	if (sodium_base642bin(box, sealed.length, sealed.at + MARK_LENGTH, sealed.length - MARK_LENGTH, NULL, &bytes,
	                      NULL, BASE64) == -1 ||
	    bytes < NONCE_BYTES + TAG_BYTES ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)text, NULL, NULL, box + NONCE_BYTES,
	                                               bytes - NONCE_BYTES, (const unsigned char *)column,
	                                               strlen(column), box, seal->text_key) == -1)
		return does_not_open(error, column);
	bytes -= NONCE_BYTES + TAG_BYTES;
	text[bytes] = '\0';
	*text_r = (struct slice){text, (uint32_t)bytes};
	return 0;
}

void seal_hash(const struct seal *seal, const char *kind, struct slice text, unsigned char hash_r[SEAL_HASH_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, seal->hash_key, sizeof(seal->hash_key), SEAL_HASH_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
	if (text.length > 0)
		crypto_generichash_update(&state, (const unsigned char *)text.at, text.length);
	crypto_generichash_final(&state, hash_r, SEAL_HASH_BYTES);
}
