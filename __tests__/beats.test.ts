import { beatsIn } from '../src/beats.ts';

test.each([
  [0, 0],
  [29, 0],
  [30, 1],
  [59, 1],
  [60, 2],
  [120, 3],
  [239, 3],
  [240, 4],
  [479, 4],
  [480, 5],
  [3600, 18],
])('%d s of silence have %d heartbeats', (seconds, beats) => expect(beatsIn(seconds)).toBe(beats));
