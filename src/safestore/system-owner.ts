/** Whose the server's own secrets are: no user, and never one. */
export const systemOwner = '00000000-0000-0000-0000-000000000000';
