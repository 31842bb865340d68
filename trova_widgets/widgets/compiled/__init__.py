"""The templates as one module that was compiled beforehand: no browser has to do it at every visit."""
