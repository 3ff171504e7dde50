"""Estimators, models and Transformers of Spark ML, for classic sessions and for Spark Connect.

Java has classes of the same names in packages of the same names, so that what either language saves is found by the other one.
"""
