"""Code written for this product: `input`, `items`, `steps`, `parameters`, `state`, `message`; for each item also `item` and `index`."""


def drive(code):
    call = code.names.pop('__call')
    items, state = call['items'], call['state']
    names = {name: call[name] for name in ('items', 'steps', 'parameters', 'state', 'message')}
    code.names.update(names, input=call.get('input', items), **call['given'])
    if not call['each']:
        code.names.update(item=items[0] if items else None, index=0)
        return {'result': code.call(), 'state': state}
    results = []
    for index, item in enumerate(items):
        code.names.update(item=item, index=index)
        results.append(code.call())
    return {'result': results, 'state': state}
