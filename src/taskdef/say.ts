/** How a rule tells a mistake; the subject is a path such as containerDefinitions[0].cpu. */
export type Say = (subject: string, problem: string, remedy?: string) => void;

/** Families, containers and volumes, by the API reference of RegisterTaskDefinition. */
export const NAME = /^[A-Za-z0-9_-]{1,255}$/;
