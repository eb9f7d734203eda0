/** How startedBy of a task begins that this action started, where the user gives none. */
export const OWN = 'ecs-rollout';
