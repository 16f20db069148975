"""Langflow's Python interpreter: the code runs as a module, and what it prints is the result."""


def drive(code):
    code.names.update(code.names.pop('__call')['given'])
    code.module()
    return {'result': console.text.rstrip('\n')}
