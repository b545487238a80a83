# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The list of cases, and the world that each of them finds: an associated SMF, a gNB, a data network."""
import peers
import rules

CASES = []


class Case:
    def __init__(self, name, function):
        self.name, self.run = name, function


def case(name):
    """Adds a function of the world to the list under a name that says when and then."""
    def add(function):
        CASES.append(Case(name, function))
        return function
    return add


def table(pattern, rows):
    """The same for a table: pattern's {} takes each row's first value, the function gets the rest."""
    def add(function):
        for first, *rest in rows:
            CASES.append(Case(pattern.format(first), lambda world, rest=tuple(rest): function(world, *rest)))
        return function
    return add


class World:
    def __init__(self, process):
        self.process = process
        self.smf = self.gnb = self.other_gnb = self.network = None

    def renew(self):
        """Fresh sockets and a fresh association; what earlier cases left is gone with the old one, their last packets too."""
        self.close()
        self.smf, self.gnb, self.other_gnb, self.network = peers.Smf(), peers.Gnb(), peers.Gnb(peers.OTHER_GNB), peers.DataNetwork()
        assert rules.cause_of(self.smf.ask(rules.setup())) == rules.ACCEPTED
        self.gnb.wait_for_echo()
        for peer in (self.gnb, self.other_gnb, self.network):
            peers.empty(peer.socket)

    def session(self, *arguments, **options):
        session = rules.Session(self.smf, *arguments, **options)
        assert session.cause == rules.ACCEPTED, f"the session was refused with cause {session.cause}"
        return session

    def close(self):
        for peer in (self.smf, self.gnb, self.other_gnb, self.network):
            if peer is not None:
                peer.close()
        self.smf = self.gnb = self.other_gnb = self.network = None
