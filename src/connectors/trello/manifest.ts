import { custom, defineConnector, del, get, line, path, post, put, read, secret, textArea, write } from '#modules/connections/kit.ts';

const card = line('Card', 'Its id.');
const words = { name: line('Title').optional(), desc: textArea('Text').optional(), due: line('Due').optional(), idLabels: line('Labels', 'Ids separated by commas.').optional(), idMembers: line('Members', 'Ids separated by commas.').optional() };

export const trello = defineConnector({
  id: 'trello', title: 'Trello', description: 'Boards, lists and cards.', category: 'work',
  auth: custom({ key: secret('API key'), token: secret('Token') }, ({ key = '', token = '' }) => ({ query: { key, token } })), baseUrl: 'https://api.trello.com/1', probe: get('/members/me'),
  actions: [
    read(['list-boards', 'Boards', 'The boards somebody sees.'], {}, () => get('/members/me/boards', { fields: 'name,url,closed' })),
    read(['list-lists', 'Lists', 'The lists of a board.'], { board: line('Board', 'Its id.') }, ({ board }) => get(path`/boards/${board}/lists`)),
    read(['list-cards', 'Cards', 'The cards of a list.'], { list: line('List', 'Its id.') }, ({ list }) => get(path`/lists/${list}/cards`)),
    read(['get-card', 'Card', 'One card.'], { card }, (input) => get(path`/cards/${input.card}`)),
    write(['create-card', 'Add a card', 'Puts a card into a list.'], { ...words, idList: line('List', 'Its id.'), name: line('Title') }, (input) => post('/cards', input)),
    write(['update-card', 'Change a card', 'Changes or moves a card.'], { card, ...words, idList: line('Into list').optional() }, ({ card: id, ...body }) => put(path`/cards/${id}`, body)),
    write(['add-comment', 'Comment', 'Comments on a card.'], { card, text: textArea('Text').min(1) }, ({ card: id, text }) => post(path`/cards/${id}/actions/comments`, { text })),
    write(['delete-card', 'Delete a card', 'Deletes a card.'], { card }, (input) => del(path`/cards/${input.card}`)),
  ],
});
