import { ApiException, type Input, invalid, type Operations, strings } from '../../wire/service.ts';
import type { Tagged, TagList } from '../state.ts';

const MOST = 50;

/** Tags of whatever `find` finds by ARN. */
export function tagOperations(find: (arn: string) => Tagged | undefined): Operations {
  const need = ({ resourceArn }: Input): Tagged => {
    const found = find(String(resourceArn));
    if (!found) throw new ApiException('ResourceNotFoundException', 'The specified resource was not found.');
    return found;
  };
  return {
    TagResource: (input) => {
      const resource = need(input);
      const added = input.tags as TagList;
      const kept = resource.read().filter(({ key }) => !added.some((one) => one.key === key));
      if (kept.length + added.length > MOST) throw invalid(`A resource can have at most ${MOST} tags.`);
      resource.write([...kept, ...added]);
      return {};
    },
    UntagResource: (input) => {
      const resource = need(input);
      const gone = strings(input.tagKeys);
      resource.write(resource.read().filter(({ key }) => !gone.includes(key ?? '')));
      return {};
    },
    ListTagsForResource: (input) => ({ tags: need(input).read() }),
  };
}
