"""n8n's Python: `_input`, `_json`, `_('Node')`, `_items`; fields are read as attributes and as keys."""
import datetime


class Record(dict):
    """A dict whose keys are attributes too, as n8n's objects are in Python."""

    def __getattr__(self, name):
        if name in self:
            return self[name]
        if name.startswith('__'):
            raise AttributeError(name)
        return None

    def __setattr__(self, name, value):
        self[name] = value

    def to_py(self):
        return self


def record(value):
    if isinstance(value, dict):
        return Record({key: record(item) for key, item in value.items()})
    if isinstance(value, list):
        return [record(item) for item in value]
    return value


def wrap(row, index):
    return Record(json=record(row) if isinstance(row, dict) else Record(text=row), binary=Record(), pairedItem=Record(item=index))


class Items:
    params = Record()

    def __init__(self, rows, name=''):
        self._rows = None if rows is None else [wrap(row, index) for index, row in enumerate(rows)]
        self._name = name
        self._current = 0

    def all(self):
        if self._rows is None:
            raise RuntimeError(f'The step "{self._name}" has not run.')
        return self._rows

    def first(self):
        return self.all()[0] if self.all() else None

    def last(self):
        return self.all()[-1] if self.all() else None

    def itemMatching(self, index):
        return self.all()[index]

    @property
    def item(self):
        rows = self.all()
        return rows[self._current] if self._current < len(rows) else self.first()

    @property
    def json(self):
        return self.item.json if self.item is not None else None

    @property
    def isExecuted(self):
        return self._rows is not None


def row_of(item):
    if not isinstance(item, dict):
        raise TypeError('The code returned a list that holds something other than objects.')
    return item['json'] if isinstance(item.get('json'), dict) else item


def drive(code):
    call = code.names.pop('__call')
    steps, named, state = call['steps'], call['names'], call['state']
    own = Items(call['items'])
    known = {}

    def step_called(name):
        key = named.get(name, name)
        if name not in named and key not in steps:
            raise RuntimeError(f'There is no step "{name}" before this one.')
        if key not in known:
            known[key] = Items(steps[key]['items'] if key in steps else None, name)
        known[key]._current = own._current
        return known[key]

    class Steps:
        def __getitem__(self, name):
            return step_called(name)

    now = datetime.datetime.fromisoformat(call['now'].replace('Z', '+00:00'))
    run = call['run']
    code.names.update(
        _input=own, _=step_called, _node=Steps(), _items=own.all(), items=own.all(), _now=now, _today=now.replace(hour=0, minute=0, second=0, microsecond=0),
        _execution=Record(id=run['id'], mode='production'), _workflow=Record(id=run['flow'], name=run['flow'], active=True), _vars=Record(), _env=Record(),
        _getWorkflowStaticData=lambda kind='global': state, **call['given'])

    def follow():
        item = own.item
        code.names.update(_item=item, item=item, _json=item.json if item is not None else Record(), _itemIndex=own._current)

    if call['each']:
        rows = []
        for own._current in range(len(own.all())):
            follow()
            one = code.call()
            if one is not None:
                rows.extend(row_of(item) for item in (one if isinstance(one, list) else [one]))
        return {'result': rows, 'state': state}
    follow()
    returned = code.call()
    if returned is None:
        raise RuntimeError('The code returned nothing; it should return items.')
    if isinstance(returned, (list, tuple)):
        return {'result': [row_of(item) for item in returned], 'state': state}
    return {'result': [row_of(returned)] if isinstance(returned, dict) else returned, 'state': state}
