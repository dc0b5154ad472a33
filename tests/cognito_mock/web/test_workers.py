"""Plain functions in worker threads."""

import asyncio
import threading

import pytest

from cognito_mock.web.workers import Workers


def test_a_function_runs_in_another_thread_and_its_result_comes_back():
    """The loop stays free meanwhile."""

    async def ask():
        return await Workers().run(lambda text: (text, threading.get_ident()), "x")

    text, thread = asyncio.run(ask())

    assert text == "x"
    assert thread != threading.get_ident()


def test_an_error_is_raised_where_the_function_was_called():
    """And the worker lives on."""

    async def ask():
        workers = Workers(most=1)
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)
        return await workers.run(int, "7")

    assert asyncio.run(ask()) == 7


def test_calls_that_wait_for_each_other_all_run():
    """A thread is started when the others are busy: nobody waits behind a slow call."""

    async def meet():
        workers, barrier = Workers(most=8), threading.Barrier(8, timeout=5)
        await asyncio.gather(*[workers.run(barrier.wait) for _ in range(8)])

    asyncio.run(meet())


def test_no_more_threads_than_allowed_are_started():
    """What comes beyond waits for its turn."""

    async def work():
        workers = Workers(most=2)
        return await asyncio.gather(*[workers.run(threading.get_ident) for _ in range(50)])

    assert len(set(asyncio.run(work()))) <= 2


def test_idle_threads_are_used_again():
    """Calls one after the other need one thread."""

    async def work():
        workers = Workers()
        found = set()
        for _ in range(20):
            found.add(await workers.run(threading.get_ident))
            await asyncio.sleep(0.002)  # the answer comes a moment before the thread is idle
        return found

    assert len(asyncio.run(work())) <= 2


def test_a_caller_who_gave_up_does_no_harm():
    """The call goes on, nobody takes its result, and the next one is answered."""

    async def ask():
        workers, go_on = Workers(most=1), threading.Event()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(workers.run(go_on.wait, 5), 0.01)
        go_on.set()
        return await workers.run(int, "7")

    assert asyncio.run(ask()) == 7
