#include "pattern/compile.h"

#include <stdlib.h>

static int deserialize(const char *bytes, size_t length, struct compile_result *result)
{
	result->bytes = length;
	return hs_deserialize_database(bytes, length, &result->database) == HS_SUCCESS ? 0 : -1;
}

static bool from_cache(const char *dir, struct compile_key key, struct compile_result *result)
{
	char *bytes;
	size_t length;
	int done;

	if (dir == NULL || !compile_cache_get(dir, key, &bytes, &length))
		return false;
	done = deserialize(bytes, length, result);
	free(bytes);
	result->cached = done == 0;
	return done == 0;
}

int compile_database(const struct slice *expressions, uint32_t count, const struct compile_limits *limits,
                     struct compile_result *result_r, struct error *error)
{
	struct compile_key key = compile_cache_key(expressions, count);
	char *bytes;
	size_t length;
	int done;

	*result_r = (struct compile_result){0};
	if (from_cache(limits->cache_dir, key, result_r))
		return 0;
	if (compile_in_child(expressions, count, limits, &bytes, &length, result_r, error) == -1)
		return -1;
	done = deserialize(bytes, length, result_r);
	if (done == -1)
		error_set(error, "the compiled patterns cannot be read back; is this machine's Hyperscan the one of "
		                 "the build?");
	else if (limits->cache_dir != NULL)
		compile_cache_put(limits->cache_dir, key, bytes, length);
	free(bytes);
	return done;
}
