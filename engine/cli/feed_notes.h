/*
 * What became of a feed that was read from files, for whoever connects a bank.
 */
#ifndef CLI_FEED_NOTES_H
#define CLI_FEED_NOTES_H

/*
 * A line on standard error for each way in which some of the feed was refused, left out, or judged in part only
 * (I5, I8): how many, what it means, and what to do where that is not plain. Says nothing where all was taken as it
 * came.
 */
void cli_feed_notes(void);

#endif
