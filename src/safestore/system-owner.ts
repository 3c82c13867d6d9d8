/** The owner of the server's own secrets. No user ever has this id. */
export const systemOwner = '00000000-0000-0000-0000-000000000000';
