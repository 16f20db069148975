import { choice, count, defineConnector, del, get, itemsAt, line, oauth2, patch, path, post, read, textArea, words, write } from '#modules/connections/kit.ts';

const calendarId = line('Calendar').default('primary');
const eventId = line('Event', 'Its id.');
const time = (title: string) => line(title, 'For example 2026-03-01T10:00:00+01:00; a date alone for whole days.');
const details = { description: textArea('Description').optional(), location: line('Place').optional(), attendees: words('Guests', 'E-mail addresses.').optional(), timeZone: line('Time zone', 'For example Europe/Berlin.').optional() };
const sendUpdates = choice('Tell the guests', ['all', 'externalOnly', 'none']).default('none');

export const googleCalendar = defineConnector({
  id: 'google-calendar', title: 'Google Calendar', description: 'Events and free times.', category: 'work',
  auth: oauth2({ url: 'https://oauth2.googleapis.com/token' }), baseUrl: 'https://www.googleapis.com/calendar/v3', probe: get('/users/me/calendarList', { maxResults: 1 }),
  actions: [
    read(['list-events', 'Events', 'The events of a period, in order.'], { calendarId, timeMin: time('From').optional(), timeMax: time('Until').optional(), q: line('Words').optional(), maxResults: count('Events', 1, 2500).default(50) },
      ({ calendarId: id, ...query }) => get(path`/calendars/${id}/events`, { ...query, singleEvents: true, orderBy: 'startTime' }), (body) => itemsAt(body, 'items')),
    read(['get-event', 'Event', 'One event.'], { calendarId, eventId }, (input) => get(path`/calendars/${input.calendarId}/events/${input.eventId}`)),
    write(['create-event', 'Make an event', 'Puts an event into the calendar.'], { calendarId, summary: line('Title'), start: time('Start'), end: time('End'), ...details, sendUpdates },
      ({ calendarId: id, sendUpdates: tell, ...event }) => post(path`/calendars/${id}/events`, eventBody(event), { sendUpdates: tell })),
    write(['update-event', 'Change an event', 'Changes parts of an event.'], { calendarId, eventId, summary: line('Title').optional(), start: time('Start').optional(), end: time('End').optional(), ...details, sendUpdates },
      ({ calendarId: id, eventId: event, sendUpdates: tell, ...changes }) => patch(path`/calendars/${id}/events/${event}`, eventBody(changes), { sendUpdates: tell })),
    write(['delete-event', 'Delete an event', 'Takes an event out of the calendar.'], { calendarId, eventId }, (input) => del(path`/calendars/${input.calendarId}/events/${input.eventId}`)),
    read(['free-busy', 'Busy times', 'When calendars are busy.'], { timeMin: time('From'), timeMax: time('Until'), calendars: words('Calendars').default(['primary']) }, ({ calendars, ...body }) => post('/freeBusy', { ...body, items: calendars.map((id) => ({ id })) })),
  ],
});

interface EventParts { start?: string | undefined; end?: string | undefined; attendees?: string[] | undefined; timeZone?: string | undefined; [more: string]: unknown }

function eventBody({ start, end, attendees, timeZone, ...rest }: EventParts): object {
  const moment = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? { date: text } : { dateTime: text, ...(timeZone ? { timeZone } : {}) });
  return { ...rest, ...(start ? { start: moment(start) } : {}), ...(end ? { end: moment(end) } : {}), ...(attendees ? { attendees: attendees.map((email) => ({ email })) } : {}) };
}
