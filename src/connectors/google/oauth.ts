import { oauth2, type Auth } from '#modules/connections/kit.ts';

/** Sign-in with Google (https://developers.google.com/identity/protocols/oauth2/web-server#offline), for all of its services alike. */
export const googleAuth = (): Auth => oauth2({ url: 'https://oauth2.googleapis.com/token' });
