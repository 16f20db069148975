import type { Module } from '#platform/module.ts';
import { widgetEndpoints } from './contract.ts';
import { widgetService, type WidgetOptions } from './service.ts';

export { serveWidgetBundle } from './bundle.ts';

/** The chat for customers' sites: what it looks like, how it is embedded, what visitors thought of answers. */
export function widgetModule(options: WidgetOptions): Module {
  const service = widgetService(options);
  return {
    name: 'widget',
    routes(serve) {
      serve(widgetEndpoints.config, service.config);
      serve(widgetEndpoints.feedback, service.feedback);
      serve(widgetEndpoints.rate, service.rate);
      serve(widgetEndpoints.embed, service.embed);
    },
  };
}
