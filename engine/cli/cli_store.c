#include "cli/cli_store.h"

#include "base/folder.h"

int cli_store_writer(const struct settings *settings, struct store_writer **writer_r, struct error *error)
{
	struct store *store;

	if (folder_make_for(settings->store_path, error) == -1 ||
	    store_open_beside(settings->store_path, settings->store_key_file, &store, error) == -1)
		return -1;
	*writer_r = store_writer_start(store, settings->store_commit_ms);
	return 0;
}

int cli_store_reader(const struct settings *settings, struct store **store_r, struct error *error)
{
	return store_open_reader(settings->store_path, settings->store_key_file, store_r, error);
}
