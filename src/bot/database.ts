/** The embedded database's file in a deployment's data folder. */
export const DATABASE = 'parley.db';
