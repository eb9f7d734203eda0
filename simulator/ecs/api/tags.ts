import { ApiException, type CallContext, type Input, invalid, type Operations, strings } from '../../wire/service.ts';
import type { Tagged, TagList } from '../state.ts';
import { parseArn } from './identifiers.ts';
import { refuseTags } from './task-rules.ts';

const MOST = 50;

/** Tags of whatever `find` finds by ARN. */
export function tagOperations(find: (arn: string) => Tagged | undefined): Operations {
  /** ListTagsForResource does not know ResourceNotFoundException (API reference). */
  const need = ({ resourceArn }: Input, context: CallContext, lost = 'ResourceNotFoundException'): Tagged => {
    const arn = parseArn(resourceArn, context);
    if (!arn) throw invalid('Invalid resource ARN.');
    // arn:...:service/NAME, from before 2018.
    if (/^(?:service|task|container-instance)$/.test(arn.type) && !arn.path.includes('/'))
      throw invalid('Long arn format must be used for tagging operations');
    const found = find(String(resourceArn));
    if (!found) throw new ApiException(lost, 'The specified resource was not found.');
    return found;
  };
  return {
    TagResource: (input, context) => {
      const resource = need(input, context);
      refuseTags(input.tags);
      const added = input.tags as TagList;
      const kept = resource.read().filter(({ key }) => !added.some((one) => one.key === key));
      if (kept.length + added.length > MOST) throw invalid(`A resource can have at most ${MOST} tags.`);
      resource.write([...kept, ...added]);
      return {};
    },
    UntagResource: (input, context) => {
      const resource = need(input, context);
      const gone = strings(input.tagKeys);
      resource.write(resource.read().filter(({ key }) => !gone.includes(key ?? '')));
      return {};
    },
    ListTagsForResource: (input, context) => ({ tags: need(input, context, 'InvalidParameterException').read() }),
  };
}
