import { amount, apiKeyQuery, choice, count, defineConnector, get, line, read } from '#modules/connections/kit.ts';

const place = {
  q: line('City', 'For example London,GB.').optional(), lat: amount('Latitude').optional(), lon: amount('Longitude').optional(),
  units: choice('Units', ['metric', 'imperial', 'standard']).default('metric'), lang: line('Language').optional(),
};

export const openweathermap = defineConnector({
  id: 'openweathermap', title: 'OpenWeather', description: 'Weather now and in the next days.', category: 'web',
  auth: apiKeyQuery('appid'), baseUrl: 'https://api.openweathermap.org', probe: get('/data/2.5/weather', { q: 'London' }),
  actions: [
    read(['current', 'Weather now', 'The weather at a place.'], place, (query) => get('/data/2.5/weather', query)),
    read(['forecast', 'Forecast', 'The weather of the next five days in steps of three hours.'], { ...place, cnt: count('Steps', 1, 40).optional() }, (query) => get('/data/2.5/forecast', query)),
  ],
});
