/** A failure that the command has already described: exit code 1, and no message. */
export class Reported extends Error {}
