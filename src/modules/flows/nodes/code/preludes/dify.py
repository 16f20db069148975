"""Dify: the code declares `main`, which takes the step's variables by name and returns a dict."""


def drive(code):
    call = code.names.pop('__call')
    main = code.module().get('main')
    if not callable(main):
        raise RuntimeError('The code has no function "main".')
    return {'result': settled(main(**call['given']))}
