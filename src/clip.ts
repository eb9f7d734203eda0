/**
 * Longest text from outside (a reason, an event, an error) that is kept, in characters. ECS itself cuts a container's
 * reason at 1,024 (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html), so
 * whatever is longer is not an ordinary message, and must not cost time at each poll.
 */
const LONGEST = 16_384;
const MARK = ' [...] ';

/** A cut is made at white space, where some is near, so that it leaves no half of a name or of a secret. */
const WORD_AT_END = /(?<=\s)\S{1,200}$/;
const WORD_AT_START = /^\S{1,200}(?=\s)/;

/**
 * A text of at most `limit` characters: whole, or its beginning and its end, where messages carry what matters.
 * @param tailShare how much of it is taken from the end, between 0 and 1
 */
export function clip(text: string, limit = LONGEST, tailShare = 0.5): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - MARK.length);
  const tail = Math.floor(room * tailShare);
  const head = text.slice(0, room - tail).replace(WORD_AT_END, '');
  return head + MARK + text.slice(text.length - tail).replace(WORD_AT_START, '');
}
