#include <stdlib.h>

#include "deliver/sender.h"

struct turn *turn_new(struct deliver *deliver)
{
	struct turn *turn = calloc(1, sizeof(*turn));

	if (turn == NULL)
		die("out of memory: deliveries");
	pthread_mutex_init(&turn->lock, NULL);
	turn->deliver = deliver;
	return turn;
}

static void turn_free(struct turn *turn)
{
	for (int i = 0; i < turn->outbox.count; i++) {
		free(turn->outbox.items[i].gone_channel);
		free(turn->outbox.items[i].gone_address);
	}
	pthread_mutex_destroy(&turn->lock);
	free(turn);
}

/* On the store's thread. The lock is held over the wake-up, so that the thread cannot end meanwhile. */
static void turn_done(struct store_job *job, int result)
{
	struct turn *turn = (struct turn *)job;
	bool left;

	pthread_mutex_lock(&turn->lock);
	turn->stage = TURN_BACK;
	turn->result = result;
	left = turn->deliver == NULL;
	if (!left)
		curl_multi_wakeup(turn->deliver->multi);
	pthread_mutex_unlock(&turn->lock);
	if (left)
		turn_free(turn);
}

void turn_leave(struct turn **turn)
{
	bool under_way;

	if (*turn == NULL)
		return;
	pthread_mutex_lock(&(*turn)->lock);
	(*turn)->deliver = NULL;
	under_way = (*turn)->stage == TURN_UNDER_WAY;
	pthread_mutex_unlock(&(*turn)->lock);
	if (!under_way)
		turn_free(*turn);
	*turn = NULL;
}

void turn_submit(struct turn *turn, struct store_writer *writer)
{
	pthread_mutex_lock(&turn->lock);
	turn->stage = TURN_UNDER_WAY;
	pthread_mutex_unlock(&turn->lock);
	turn->outbox.job.done = turn_done;
	store_submit(writer, &turn->outbox.job);
}

bool turn_take_back(struct turn *turn)
{
	bool back;

	pthread_mutex_lock(&turn->lock);
	back = turn->stage == TURN_BACK;
	if (back)
		turn->stage = TURN_IDLE;
	pthread_mutex_unlock(&turn->lock);
	return back;
}

bool turn_idle(struct turn *turn)
{
	bool idle;

	pthread_mutex_lock(&turn->lock);
	idle = turn->stage == TURN_IDLE;
	pthread_mutex_unlock(&turn->lock);
	return idle;
}
