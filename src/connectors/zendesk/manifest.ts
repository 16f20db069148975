import { basic, choice, count, defineConnector, flag, get, itemsAt, line, path, post, put, read, textArea, words, write } from '#modules/connections/kit.ts';

const id = count('Ticket', 1, Number.MAX_SAFE_INTEGER);
const priority = choice('Priority', ['urgent', 'high', 'normal', 'low']).optional();
const status = choice('Status', ['new', 'open', 'pending', 'hold', 'solved', 'closed']).optional();
const label = line('Subdomain', 'The first part of acme.zendesk.com.').regex(/^[a-z0-9-]+$/i, 'letters, digits and hyphens');

export const zendesk = defineConnector({
  id: 'zendesk', title: 'Zendesk', description: 'Tickets of a support desk.', category: 'support',
  auth: basic({ user: 'E-mail', password: 'API token', userSuffix: '/token', more: { subdomain: label } }), baseUrl: ({ subdomain = '' }) => `https://${subdomain}.zendesk.com/api/v2`, probe: get('/users/me.json'),
  actions: [
    read(['list-tickets', 'Tickets', 'The tickets, newest first.'], { sort_by: line('Sort by').default('created_at'), sort_order: choice('Order', ['asc', 'desc']).default('desc'), per_page: count('Tickets', 1, 100).default(50), page: count('Page', 1, 100).default(1) }, (query) => get('/tickets.json', query), (body) => itemsAt(body, 'tickets')),
    read(['search', 'Find tickets', 'Finds tickets, people or organizations by a query.'], { query: line('Query', 'For example type:ticket status:open refund.'), per_page: count('Results', 1, 100).default(50) }, (query) => get('/search.json', query), (body) => itemsAt(body, 'results')),
    read(['get-ticket', 'Ticket', 'One ticket.'], { id }, (input) => get(path`/tickets/${input.id}.json`)),
    read(['list-comments', 'Conversation', 'The messages of a ticket.'], { id }, (input) => get(path`/tickets/${input.id}/comments.json`), (body) => itemsAt(body, 'comments')),
    write(['create-ticket', 'Open a ticket', 'Opens a ticket.'], { subject: line('Subject'), body: textArea('Text').min(1), requesterName: line('Name').optional(), requesterEmail: line('E-mail').optional(), priority, status, tags: words('Tags').optional() },
      ({ body, requesterName, requesterEmail, ...ticket }) => post('/tickets.json', { ticket: { ...ticket, comment: { body }, ...(requesterEmail ? { requester: { name: requesterName ?? requesterEmail, email: requesterEmail } } : {}) } })),
    write(['update-ticket', 'Answer or change a ticket', 'Adds a message to a ticket, or changes it.'], { id, body: textArea('Message').optional(), public: flag('The customer sees it').default(true), status, priority, assignee_id: count('Assigned to', 1, Number.MAX_SAFE_INTEGER).optional(), tags: words('Tags').optional() },
      ({ id: ticketId, body, public: shown, ...ticket }) => put(path`/tickets/${ticketId}.json`, { ticket: { ...ticket, ...(body ? { comment: { body, public: shown } } : {}) } })),
    read(['search-articles', 'Find help articles', 'Finds articles of the help center.'], { query: line('Words'), per_page: count('Articles', 1, 100).default(10) }, (query) => get('/help_center/articles/search.json', query), (body) => itemsAt(body, 'results')),
  ],
});
